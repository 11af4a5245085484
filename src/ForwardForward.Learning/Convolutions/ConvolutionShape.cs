using ForwardForward.Learning.Specs;

namespace ForwardForward.Learning.Convolutions;

/// <summary>Sizes of one convolutional layer.</summary>
/// <param name="In">What it sees.</param>
/// <param name="Channels">That it has.</param>
/// <param name="Classes">Sets that its channels fall into, one after the other and equally large.</param>
internal sealed record ConvolutionShape(PictureShape In, int Channels, ConvolutionLayerSpec Spec, int Classes)
{
    /// <summary>Points of zeros around what it sees.</summary>
    public int Padding => Spec.Padding < 0 ? Spec.Kernel / 2 : Spec.Padding;

    /// <summary>Numbers that a channel sees at each place: kernel x kernel x channels of its group.</summary>
    public int Inputs => Spec.Kernel * Spec.Kernel * InOfGroup;

    public int InOfGroup => In.Channels / Spec.Groups;

    public int ChannelsOfGroup => Channels / Spec.Groups;

    public int ChannelsOfClass => Channels / Classes;

    /// <summary>What the convolution makes.</summary>
    public PictureShape Convolved => new(Places(In.Height), Places(In.Width), Channels);

    /// <summary>What is normalized: the largest of each square of it, or all of it.</summary>
    public PictureShape Activity => Spec.Pool == Pooling.Maximum ? Pooled(Convolved) : Convolved;

    /// <summary>What a layer below hands on that a shortcut brings here; null where there is none.</summary>
    public PictureShape? Shortcut { get; init; }

    /// <summary>What else is in the rows that its stage gets and hands on.</summary>
    public ShortcutRoute Route { get; init; } = ShortcutRoute.None;

    /// <summary>What the layer itself makes of a picture.</summary>
    public PictureShape Made => Spec.Pool == Pooling.Average ? Pooled(Activity) : Activity;

    /// <summary>What is handed on: <see cref="Made"/>, with the shortcut.</summary>
    public PictureShape Out =>
        Spec.Shortcut == ShortcutKind.Concatenate ? Made with { Channels = Channels + (Shortcut?.Channels ?? 0) } : Made;

    /// <summary>Numbers of a row that the stage gets.</summary>
    public int RowIn => In.Size + Route.Below;

    /// <summary>Numbers of a row that the stage hands on.</summary>
    public int RowOut => Out.Size + Route.Carried.Sum(part => part.To.Size);

    /// <summary>Multiplications of one picture on its way up.</summary>
    public double Multiplications => (double)Convolved.Points * Channels * Inputs;

    /// <summary>The layers of a network, from the bottom up.</summary>
    /// <exception cref="InvalidInputException">A layer cannot be made; the sentence names it and has the numbers.</exception>
    public static IReadOnlyList<ConvolutionShape> All(ExperimentSpec spec, int pixels, int classes)
    {
        var below = PictureShape.Of(spec.Images, pixels);
        var layers = new List<ConvolutionShape>();
        for (var i = 0; i < spec.Layers.Count; i++)
        {
            var from = spec.Convolutions[i].ShortcutFrom;
            var layer = new ConvolutionShape(below, spec.Layers[i], spec.Convolutions[i], classes)
            {
                Shortcut = from > 0 && from <= i ? layers[from - 1].Out : null,
            };
            layer.Require(i, spec.BatchSize);
            Shortcuts.Require(layer, i);
            layers.Add(layer);
            below = layer.Out;
        }

        return Shortcuts.Route(layers);
    }

    private bool HasSets =>
        Spec.Goodness != ChannelGoodness.Assigned || Spec.Normalization == ChannelNormalization.Group || Spec.ShortcutFrom > 0;

    private int Places(int side) => ((side + (2 * Padding) - Spec.Kernel) / Spec.Stride) + 1;

    private PictureShape Pooled(PictureShape shape) =>
        shape with
        {
            Height = shape.Height / Spec.PoolSide,
            Width = shape.Width / Spec.PoolSide,
        };

    private void Require(int index, int batchSize)
    {
        if (HasSets && Channels % Classes != 0)
        {
            throw new InvalidInputException(
                $"layers[{index}]: {Channels} channels do not fall into a set for each of {Classes} classes; expected a multiple of "
                    + $"{Classes}."
            );
        }

        if (In.Channels % Spec.Groups != 0 || Channels % Spec.Groups != 0)
        {
            throw new InvalidInputException(
                $"convolutions[{index}].groups: {Spec.Groups} groups do not divide both the {In.Channels} channels below and the "
                    + $"{Channels} of the layer; expected a number that does."
            );
        }

        if (Spec.Kernel > Math.Min(In.Height, In.Width) + (2 * Padding))
        {
            throw new InvalidInputException(
                $"convolutions[{index}].kernel: {Spec.Kernel} points a side are more than the {In.Height} x {In.Width} points below with "
                    + $"{Padding} of padding; expected a smaller kernel."
            );
        }

        if (Out.Points == 0)
        {
            throw new InvalidInputException(
                $"convolutions[{index}].poolSide: {Spec.PoolSide} points a side are more than the {Convolved.Height} x {Convolved.Width} "
                    + "that the convolution makes; expected fewer."
            );
        }

        if (Spec.Normalization == ChannelNormalization.Batch && batchSize * Activity.Points == 1)
        {
            throw new InvalidInputException(
                $"convolutions[{index}].normalization: a batch of 1 picture with 1 point has no deviation; expected a larger batchSize, or "
                    + $"normalization {ChannelNormalization.Group}."
            );
        }
    }
}
