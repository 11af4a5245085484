using ForwardForward.Learning;
using ForwardForward.Learning.Exactness;
using ForwardForward.Learning.Native;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tensors;

namespace ForwardForward.Console.Conformance;

/// <summary>Trains a few small networks in portable precision, which must come to the same bytes on every machine.</summary>
internal static class Conformance
{
    /// <param name="threads">That share each step.</param>
    /// <param name="begins">Hears of every network before it is trained.</param>
    /// <exception cref="LibTorchUnavailableException">This machine cannot compute in portable precision.</exception>
    /// <exception cref="OperationCanceledException">Asked for.</exception>
    public static PassTrace Trace(int threads, Action<string> begins, CancellationToken cancellation)
    {
        LibTorch.EnsureLoaded();
        _ = KernelFingerprint.Of(Precision.Portable);
        var trace = new PassTrace();
        foreach (var (name, spec) in ConformanceNetworks.All)
        {
            begins(name);
            using var trainer = new SequentialTrainer(spec, ConformanceNetworks.Pictures, new WorkerPool(threads));
            var readout = spec.Layers.Count + 1;
            trainer.Passed += (slot, stage, pass, bytes) =>
                trace.Add(
                    name,
                    slot,
                    stage == 0 ? "the source"
                        : stage == readout ? "the readout"
                        : $"layer {stage}",
                    pass,
                    bytes
                );
            trainer.Run(cancellation);
        }

        return trace;
    }
}
