using System.Diagnostics;
using ForwardForward.Learning.Data;
using ForwardForward.Learning.Exactness;
using ForwardForward.Learning.Recipes;
using ForwardForward.Learning.Recipes.Networks;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tensors;

namespace ForwardForward.Learning.Networks;

/// <summary>A run of the sequential trainer, taken epoch by epoch.</summary>
internal sealed class Fitting : IDisposable
{
    private readonly SequentialTrainer _trainer;
    private readonly LayerMeasurement?[] _measured;
    private Evaluation? _evaluated;

    private Fitting(ExperimentSpec spec, SequentialTrainer trainer)
    {
        (Spec, _trainer, _measured) = (spec, trainer, new LayerMeasurement?[trainer.Plan.Stages.Layers]);
        _trainer.LayerMeasured += measured => _measured[measured.Layer - 1] = measured;
        _trainer.Evaluated += evaluated => _evaluated = evaluated;
    }

    /// <summary>With its precision resolved.</summary>
    public ExperimentSpec Spec { get; }

    /// <summary>Whether anything has been learned.</summary>
    public bool HasBegun => _trainer.NextSlot > 0;

    public bool IsOver => _trainer.NextSlot == _trainer.Plan.SlotCount;

    public string Hash => StateHash.OfRun(_trainer.Digests());

    /// <param name="learned">State whose weights it begins with; null: random ones.</param>
    /// <exception cref="InvalidInputException">Spec and data do not fit each other.</exception>
    public static Fitting Begin(ExperimentSpec spec, DataSet data, int threads, IReadOnlyList<IReadOnlyList<StateTensor>>? learned)
    {
        spec = DataDescription.Of(data).Fill(spec);
        spec = spec with { Precision = ProductsOf.Resolve(spec, data.Train.PixelsPerImage) };
        var trainer = new SequentialTrainer(spec, data, new WorkerPool(threads));
        if (learned is not null)
        {
            trainer.Restore(0, FreshState.With(trainer.State(), learned));
        }

        return new Fitting(spec, trainer);
    }

    /// <summary>The next epoch, or what is left of the one that was interrupted.</summary>
    /// <exception cref="OperationCanceledException">Asked for between two slots.</exception>
    public FFEpoch Next(CancellationToken cancellation)
    {
        var (watch, number) = (Stopwatch.StartNew(), _trainer.Plan[_trainer.NextSlot].Epoch + 1);
        _evaluated = null;
        Array.Clear(_measured);
        _trainer.RunEpoch(cancellation);
        LayerMeasurement[] layers = [.. _measured.OfType<LayerMeasurement>()];
        return new FFEpoch(number, _evaluated?.ErrorFast, _evaluated?.ErrorGoodness, layers, watch.Elapsed.TotalSeconds);
    }

    /// <inheritdoc cref="SequentialTrainer.State"/>
    public IReadOnlyList<IReadOnlyList<StateTensor>> State() => _trainer.State();

    public void Dispose() => _trainer.Dispose();
}
