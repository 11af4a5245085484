using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tensors;
using TorchSharp;

namespace ForwardForward.Learning.Tests;

public sealed class TensorLifetimeTests
{
    [Theory]
    [InlineData(Precision.Fp32)]
    [InlineData(Precision.Bf16)]
    public void A_long_run_keeps_its_number_of_tensors_and_gives_all_of_them_back(Precision precision)
    {
        var spec = TinyRun.Spec(precision) with
        {
            Layers = [12, 8],
            Epochs = 250,
            Evaluation = new EvaluationSpec { FastEvery = 5, GoodnessEvery = 10 },
        };
        var start = LiveTensors();
        var counts = new Dictionary<long, long>();
        using (var trainer = new SequentialTrainer(spec, TinyRun.Data, WorkerPool.One))
        {
            trainer.SlotDone += slot =>
            {
                if (slot is 500 or 2000 or 5000)
                {
                    counts[slot] = torch.Tensor.TotalCount; // garbage that waits for its finalizer counts as alive
                }
            };
            trainer.Run();
        }

        Assert.True(counts[500] > start);
        Assert.Equal((counts[500], counts[500]), (counts[2000], counts[5000]));
        Assert.Equal(start, torch.Tensor.TotalCount);
    }

    // What other tests left to finalizers must not come off the count in the middle.
    private static long LiveTensors()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return torch.Tensor.TotalCount;
    }
}
