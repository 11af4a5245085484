using System.Diagnostics;
using ForwardForward.Learning;
using ForwardForward.Learning.Data;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tensors;

namespace ForwardForward.Benchmarks.Steps;

/// <summary>
/// The sequential trainer on the same slots in each precision that a network has, in turns in one process, on one thread: what portable
/// precision costs. Lower quartiles of the turns.
/// </summary>
/// <param name="spec">A few slots of an experiment.</param>
internal sealed class PrecisionRuns(ExperimentSpec spec, DataSet data, int turns, Action<string> report)
{
    /// <summary>Milliseconds of a slot.</summary>
    public IReadOnlyDictionary<Precision, double> Run()
    {
        Precision[] precisions =
            spec.Convolutions.Count > 0 ? [Precision.Fp32, Precision.Portable] : [Precision.Fp32, Precision.Bf16, Precision.Portable];
        var times = precisions.ToDictionary(precision => precision, _ => new List<double>());
        for (var turn = 0; turn <= turns; turn++)
        {
            report(turn == 0 ? "warming up" : $"turn {turn} of {turns}");
            foreach (var precision in precisions)
            {
                var time = Milliseconds(precision);
                if (turn > 0)
                {
                    times[precision].Add(time);
                }
            }
        }

        return times.ToDictionary(one => one.Key, one => one.Value.Order().ElementAt(turns / 4));
    }

    private double Milliseconds(Precision precision)
    {
        using var threads = new WorkerPool(1);
        using var trainer = new SequentialTrainer(spec with { Precision = precision }, data, threads);
        var started = Stopwatch.GetTimestamp();
        trainer.Run();
        return Stopwatch.GetElapsedTime(started).TotalMilliseconds / trainer.Plan.SlotCount;
    }
}
