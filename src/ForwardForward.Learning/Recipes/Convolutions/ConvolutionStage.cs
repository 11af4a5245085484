using System.Runtime.InteropServices;
using ForwardForward.Learning.Layers;
using ForwardForward.Learning.Readouts;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tensors;

namespace ForwardForward.Learning.Recipes.Convolutions;

/// <summary>A convolutional layer in a run: upwards goes what it makes of a picture, and to the readout that, or its goodness.</summary>
internal sealed class ConvolutionStage : LayerSlotHandler
{
    private readonly ILayer _layer;
    private readonly int _classes;

    /// <inheritdoc cref="LayerSlotHandler(ExperimentSpec, LayerShard, ILayer, SlotPlan)"/>
    public ConvolutionStage(ExperimentSpec spec, LayerShard part, ILayer layer, SlotPlan plan)
        : base(spec, part, layer, plan) => (_layer, _classes) = (layer, plan.Classes);

    public override LayerOutput Pass(Slot slot)
    {
        PredictionRequest? asked = null;
        if (slot.Question is { } question)
        {
            // first: learning looks at the rows that went through last
            var rows = _layer.Forward(question.Rows);
            asked = Counts ? question with { Rows = Read(rows, rows.Rows) } : null;
            slot = slot with
            {
                Question = question with { Rows = rows },
                Tried = slot.Tried?.And(_layer.LastGoodness[..(rows.Rows * _classes)]),
            };
        }

        var up = slot.Rows is null ? slot : slot with { Rows = _layer.Forward(slot.Rows, slot.Kind == SlotKind.Train ? slot.Index : null) };
        if (slot.Kind == SlotKind.Evaluate && slot.Rows is not null)
        {
            var goodness = _layer.LastGoodness[..(slot.Read.Count * _classes)];
            up = up with { OwnErrors = [.. slot.OwnErrors, Classification.Errors(goodness, slot.Labels)] };
        }

        return Counts
            ? new LayerOutput(
                up,
                up with
                {
                    Rows = up.Rows is null || up.Read.Count == 0 ? null : Read(up.Rows, up.Read.Count),
                    Question = asked,
                },
                null
            )
            : new LayerOutput(up, null, null);
    }

    protected override double RateFactor(int epoch)
    {
        var own = Spec.Convolutions[_layer.Index].Epochs;
        var epochs = own == 0 ? Spec.Epochs : Math.Min(own, Spec.Epochs);
        return epoch >= epochs ? 0 : LearningRateSchedule.Factor(Spec.Optimizer, epoch, epochs);
    }

    // All rows are read.
    private Activations Read(Activations handedOn, int rows) =>
        Spec.Readout.Input == ReadoutInputs.Activity ? handedOn.Share(0, rows) : Goodness(rows);

    private Activations Goodness(int rows)
    {
        var goodness = Activations.Rent(rows, _classes, Precision.Fp32);
        _layer.LastGoodness[..(rows * _classes)].CopyTo(MemoryMarshal.Cast<byte, float>(goodness.Bytes));
        return goodness;
    }
}
