using ForwardForward.Chaos;
using ForwardForward.Learning.Data;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tensors;
using ForwardForward.Learning.Tests.Data;

namespace ForwardForward.Learning.Tests;

/// <summary>
/// A run that takes a fraction of a second: 200 training and 50 test images of 8 x 8 pixels in 4 classes, 20 batches an epoch.
/// </summary>
internal static class TinyRun
{
    private static readonly Lazy<DataSet> Read = new(() =>
    {
        using var folder = new TemporaryFolder();
        return IdxFolder.Read("tiny", TinyIdx.Write(folder.Root));
    });

    public static DataSet Data => Read.Value;

    public static ExperimentSpec Spec(Precision precision = Precision.Fp32) =>
        new()
        {
            Layers = [32, 24],
            Epochs = 10,
            BatchSize = 10,
            Precision = precision,
            Optimizer = new OptimizerSpec { LearningRate = 0.1 },
            Negatives = new NegativesSpec { Lag = 3 },
        };

    public static TrainingResult Train(ExperimentSpec spec, int threads = 1)
    {
        using var trainer = new SequentialTrainer(spec, Data, new WorkerPool(threads));
        return trainer.Run();
    }
}
