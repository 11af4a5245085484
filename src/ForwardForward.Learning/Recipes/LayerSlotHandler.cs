using System.Runtime.InteropServices;
using ForwardForward.Learning.Exactness;
using ForwardForward.Learning.Layers;
using ForwardForward.Learning.Plugins;
using ForwardForward.Learning.Readouts;
using ForwardForward.Learning.Recipes.Messages;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tensors;

namespace ForwardForward.Learning.Recipes;

/// <summary>What came of a slot in a layer.</summary>
/// <param name="Up">For the layer above.</param>
/// <param name="ToReadout">Null where the readout does not look at this layer.</param>
/// <param name="Down">For the layer below; null where that hears nothing.</param>
internal sealed record LayerOutput(Slot Up, Slot? ToReadout, StateFromAbove? Down);

/// <summary>A layer with its place in a run: what it does with one slot, first upwards, then for itself.</summary>
internal class LayerSlotHandler : IDisposable
{
    private const string MeasurementName = "measurement";
    private const string PullingName = "measurement.pulling";
    private readonly int _reportEvery;
    private readonly LayerShard _part;
    private readonly int _stage;
    private readonly long _updatesBehind; // of the run whose state this one trains on from
    private LayerStep _sum;
    private int _steps;

    /// <param name="spec">Its precision must be resolved.</param>
    /// <param name="part">What it has of a layer.</param>
    /// <param name="layer">What learns; disposed with this.</param>
    /// <param name="plan">Slots of the run.</param>
    public LayerSlotHandler(ExperimentSpec spec, LayerShard part, ILayer layer, SlotPlan plan)
    {
        Spec = spec;
        Layer = layer;
        _reportEvery = plan.ReportEvery;
        _part = part;
        _stage = plan.Stages.StagesOf(part.Layer)[part.Number];
        _updatesBehind = (long)spec.Start.Epochs * plan.UpdatesPerEpoch;
        Counts = plan.Stages.Featured.Contains(part.Layer);
    }

    protected ExperimentSpec Spec { get; }

    protected internal ILayer Layer { get; }

    /// <summary>Whether the readout and the goodness test look at this layer.</summary>
    public bool Counts { get; }

    /// <summary>Passes a slot through with the weights as they are.</summary>
    /// <param name="slot">As the layer below, or the source, sent it.</param>
    /// <param name="above">States of the layer above, in an iteration of a top-down run.</param>
    /// <returns>What the neighbours get; its rows, and those of what came in, are the caller's to dispose.</returns>
    public virtual LayerOutput Forward(Slot slot, Activations? above = null) => Pass(slot);

    /// <summary>Passes a slot through from below alone.</summary>
    /// <inheritdoc cref="Forward"/>
    public virtual LayerOutput Pass(Slot slot)
    {
        var up = Rise(slot);
        return new LayerOutput(up, Counts ? Features(up) : null, null);
    }

    /// <summary>Passes a slot through from below alone, and returns it as the layer above gets it.</summary>
    public Slot Rise(Slot slot) => PluginFailedException.Guard(slot.Index, () => RiseUnguarded(slot));

    private Slot RiseUnguarded(Slot slot)
    {
        slot = Ask(slot);
        if (slot.Rows is null)
        {
            return slot;
        }

        if (_part.IsReplica)
        {
            var own = SlotParts.Of(slot, _part);
            using var rows = own.Rows;
            return own.Layout.Total == 0 ? own with { Rows = null } : Rise(own, rows!);
        }

        return Rise(slot, slot.Rows);
    }

    private Slot Rise(Slot slot, Activations rows)
    {
        var up = Layer.Forward(rows, slot.Kind == SlotKind.Train ? slot.Index : null);
        return slot with { Rows = up, CandidateGoodness = Accumulate(slot), OwnErrors = Counted(slot) };
    }

    // Test images with each label in turn are all that a layer needs to tell their class.
    private int[] Counted(Slot slot) =>
        slot.Layout.Candidates == 0
            ? slot.OwnErrors
            :
            [
                .. slot.OwnErrors,
                Classification.Errors(
                    Layer.LastGoodness.Slice(slot.Layout.FirstCandidate, slot.Layout.Candidates),
                    slot.Labels.AsSpan(slot.Read.Count)
                ),
            ];

    /// <summary>What rides with the slot goes through.</summary>
    protected Slot Ask(Slot slot)
    {
        if (slot.Question is { } question)
        {
            // first: learning looks at the rows that went through last
            var rows = Layer.Forward(question.Rows);
            slot = slot with
            {
                Question = question with { Rows = rows },
                Tried = slot.Tried is { Candidates: > 0 } tried ? tried.And(Layer.LastGoodness[..rows.Rows]) : slot.Tried,
            };
        }

        return slot;
    }

    /// <summary>The same slot as the readout gets it: the rows that it reads and what rides with it alone, without labels.</summary>
    public static Slot Features(Slot above) =>
        above with
        {
            Rows = above.Read.Count == 0 ? null : above.Rows?.Share(above.Read.First, above.Read.Count),
            Question = above.Question is { } question
                ? question with
                {
                    Rows = question.Rows.Share(0, question.Rows.Rows - (above.Tried?.Candidates ?? 0)),
                }
                : null,
        };

    /// <summary>Updates the layer from the slot that went through last, and now and then returns what it measured.</summary>
    /// <exception cref="DivergedException">What it makes of the slot are no numbers.</exception>
    public LayerMeasurement? Learn(Slot slot)
    {
        if (slot.Update == 0)
        {
            return null;
        }

        var layout = _part.IsReplica ? SlotParts.Of(slot.Layout, _part, classes: 0) : slot.Layout;
        var step = Learn(slot, layout);
        _sum = new LayerStep(
            _sum.GoodnessPositive + step.GoodnessPositive,
            _sum.GoodnessNegative + step.GoodnessNegative,
            _sum.Loss + step.Loss,
            _sum.Pulling + step.Pulling
        );
        _steps++;
        return slot.Update % _reportEvery == 0 ? Measured(slot) : null;
    }

    private LayerStep Learn(Slot slot, RowLayout layout)
    {
        try
        {
            return PluginFailedException.Guard(
                slot.Index,
                () => Layer.Learn(layout, slot.Labels, RateFactor(slot.Epoch), _updatesBehind + slot.Update)
            );
        }
        catch (DivergedException e)
        {
            throw e.At(slot.Index, isEcho: slot.Rows?.AreFinite() == false);
        }
    }

    /// <summary>Share of the learning rate in an epoch, from 0.</summary>
    protected virtual double RateFactor(int epoch) => LearningRateSchedule.Factor(Spec, epoch);

    /// <summary>SHA-256 of the layer's state.</summary>
    public byte[] Digest() => StateHash.OfStage(Layer.State);

    /// <summary>A copy of everything that the layer's future depends on, the measurement under way included.</summary>
    public IReadOnlyList<StateTensor> Snapshot() =>
        [
            .. Layer.State.Select(tensor => StateTensor.Of(tensor.Name, tensor.Value)),
            StateTensor.Of(MeasurementName, 1, Measurement),
            StateTensor.Of(PullingName, 1, Kept(_sum.Pulling)),
        ];

    /// <summary>Begins with the weights, or the state, of the spec's file, where it names one.</summary>
    /// <exception cref="InvalidInputException">The file cannot be read, or is of another network.</exception>
    public void Begin()
    {
        if (Spec.Start.State.Length > 0)
        {
            Restore(InitialState.Into(Spec.Start, _stage, Snapshot(), Layer.State.Select(tensor => tensor.Name)));
        }
        else if (Spec.Start.Weights.Length > 0)
        {
            Restore(
                InitialWeights.Into(
                    Spec.Start,
                    Snapshot(),
                    _part.IsReplica ? new LayerShard(_part.Layer, 0, 1) : _part,
                    [.. Recipe.Of(Spec).Network.WeightNames(Layer.Index)]
                )
            );
        }
    }

    /// <summary>Takes up where a snapshot was taken.</summary>
    /// <exception cref="InvalidInputException">It is the snapshot of another layer.</exception>
    public void Restore(IReadOnlyList<StateTensor> snapshot)
    {
        Layer.Restore(snapshot);
        var sums = MemoryMarshal.Cast<byte, double>(StateTensor.Find(snapshot, MeasurementName, 1, Measurement.Length).Data.Span);
        // checkpoints of version 1 of the passes have none, and can only be asked
        var pulling = snapshot.Any(tensor => tensor.Name == PullingName)
            ? MemoryMarshal.Cast<byte, double>(StateTensor.Find(snapshot, PullingName, 1, Kept(0).Length).Data.Span)[0]
            : 0;
        (_sum, _steps) = (new LayerStep(sums[0], sums[1], sums[2], pulling), (int)sums[3]);
    }

    public virtual void Dispose()
    {
        Layer.Dispose();
        GC.SuppressFinalize(this);
    }

    private ReadOnlySpan<float> Measurement => Kept(_sum.GoodnessPositive, _sum.GoodnessNegative, _sum.Loss, _steps);

    // Doubles, as pairs of floats bit by bit.
    private static ReadOnlySpan<float> Kept(params double[] values) => MemoryMarshal.Cast<double, float>(values);

    private LayerMeasurement? Measured(Slot slot)
    {
        var mean = new LayerMeasurement(
            Layer.Index + 1,
            slot.Index,
            slot.Epoch + 1,
            _sum.GoodnessPositive / _steps,
            _sum.GoodnessNegative / _steps,
            _sum.Loss / _steps,
            _sum.Pulling / _steps
        );
        (_sum, _steps) = (default, 0);
        return _part.Number == 0 ? mean : null; // all parts of a layer have measured the same
    }

    private float[] Accumulate(Slot slot)
    {
        if (!Counts || slot.Layout.Candidates == 0)
        {
            return slot.CandidateGoodness;
        }

        var sum = Layer.LastGoodness.Slice(slot.Layout.FirstCandidate, slot.Layout.Candidates).ToArray();
        for (var i = 0; i < slot.CandidateGoodness.Length; i++)
        {
            sum[i] += slot.CandidateGoodness[i];
        }

        return sum;
    }
}
