using System.Runtime.InteropServices;
using ForwardForward.Learning.Convolutions;
using ForwardForward.Learning.Layers;
using ForwardForward.Learning.Readouts;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tensors;

namespace ForwardForward.Learning.Recipes.Convolutions;

/// <summary>A convolutional layer in a run: upwards goes what it makes of a picture, to the readout its goodness of each class.</summary>
internal sealed class ConvolutionStage : LayerSlotHandler
{
    private readonly ConvolutionLayer _layer;
    private readonly int _classes;

    /// <inheritdoc cref="LayerSlotHandler(ExperimentSpec, LayerShard, ILayer, SlotPlan)"/>
    public ConvolutionStage(ExperimentSpec spec, LayerShard part, ConvolutionLayer layer, SlotPlan plan)
        : base(spec, part, layer, plan) => (_layer, _classes) = (layer, plan.Classes);

    public override LayerOutput Pass(Slot slot)
    {
        PredictionRequest? asked = null;
        if (slot.Question is { } question)
        {
            // first: learning looks at the rows that went through last
            var rows = _layer.Forward(question.Rows);
            asked = question with { Rows = Goodness(question.Rows.Rows) };
            slot = slot with { Question = question with { Rows = rows } };
        }

        var up = slot.Rows is null ? slot : slot with { Rows = _layer.Forward(slot.Rows, slot.Kind == SlotKind.Train ? slot.Index : null) };
        if (slot.Kind == SlotKind.Evaluate && slot.Rows is not null)
        {
            var goodness = _layer.LastGoodness[..(slot.Read.Count * _classes)];
            up = up with { OwnErrors = [.. slot.OwnErrors, Classification.Errors(goodness, slot.Labels)] };
        }

        var read = up with { Rows = up.Rows is null || up.Read.Count == 0 ? null : Goodness(up.Read.Count), Question = asked };
        if (Counts)
        {
            return new LayerOutput(up, read, null);
        }

        read.Release();
        return new LayerOutput(up, null, null);
    }

    protected override double RateFactor(int epoch) =>
        Spec.Convolutions[_layer.Index].Epochs is > 0 and var epochs && epoch >= epochs ? 0 : base.RateFactor(epoch);

    // All rows are read.
    private Activations Goodness(int rows)
    {
        var goodness = Activations.Rent(rows, _classes, Precision.Fp32);
        _layer.LastGoodness[..(rows * _classes)].CopyTo(MemoryMarshal.Cast<byte, float>(goodness.Bytes));
        return goodness;
    }
}
