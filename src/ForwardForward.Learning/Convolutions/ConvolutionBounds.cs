using ForwardForward.Learning.Tensors;

namespace ForwardForward.Learning.Convolutions;

/// <summary>
/// In what steps a convolution's pictures, weights and slopes are rounded, so that no sum of their products is beyond what fp32 holds
/// exactly (<see cref="IntegerProducts"/>).
/// </summary>
/// <remarks>Shapes: K inputs of a channel, M places that go together.</remarks>
internal sealed class ConvolutionBounds
{
    /// <summary>Of unfolded columns that go together, in bf16 as many bytes as in fp32 half of them.</summary>
    public const int ColumnNumbers = 1 << 19;

    /// <summary>What counts as the largest number of a picture, at most so many times its mean size.</summary>
    public const int Loudest = 16;

    private const int MostInputs = 1 << 18;
    private const int MostPoints = 1 << 16;
    private const float MeanSteps = 32; // of what a kernel sees where it sees most
    private const float Slack = 0.99f; // squares are summed up in fp32
    private readonly int _inputs;
    private readonly int _points;
    private readonly float _lengthOfPatch;

    /// <exception cref="InvalidInputException">The layer is too large for it; the sentence has the numbers.</exception>
    public ConvolutionBounds(ConvolutionShape shape)
    {
        if (shape.Inputs > MostInputs || shape.In.Points > MostPoints || shape.Convolved.Points > MostPoints)
        {
            throw new InvalidInputException(
                $"precision: in portable precision a channel sees at most {MostInputs} numbers at each of at most {MostPoints} places, and "
                    + $"a layer here sees {shape.Inputs} and makes {shape.Convolved} of {shape.In}; expected fp32 or a smaller layer."
            );
        }

        (_inputs, _points, _lengthOfPatch) = (shape.Inputs, shape.In.Points, MeanSteps * MathF.Sqrt(shape.Inputs));
    }

    public float StepOfWeights(ReadOnlySpan<float> channel)
    {
        var (largest, squares) = IntegerProducts.Measured(channel);
        return IntegerProducts.Scale(largest, squares, _inputs, _lengthOfPatch);
    }

    /// <summary>Of a picture, so that no patch of it is longer than what weights are made for.</summary>
    public float StepOfPicture(PictureExtent extent)
    {
        var loudest = Loudest * MathF.Sqrt(extent.MeanSquare);
        var largest = loudest > 0 ? MathF.Min(extent.Largest, loudest) : extent.Largest;
        return IntegerProducts.Scale(largest, extent.Patch, _inputs, Slack * IntegerProducts.Exact / _lengthOfPatch);
    }

    /// <summary>Most that the squares of one input of a kernel can add up to over all places of a picture, in its steps.</summary>
    public float SquaresOfChannel(PictureExtent extent, float step)
    {
        var length = (MathF.Sqrt(extent.Channel) / (Slack * step)) + (MathF.Sqrt(_points) / 2); // rounding adds at most half to each
        var most = (float)IntegerProducts.Largest * IntegerProducts.Largest * _points;
        // squares of what is very small are no numbers any more
        return IntegerProducts.IsMeasured(extent.Channel) ? MathF.Min(most, length * length) : most;
    }

    /// <param name="largest">Magnitude of a channel's largest slope.</param>
    /// <param name="squares">Sum of their squares.</param>
    /// <param name="places">M.</param>
    /// <param name="squaresOfColumn">Most that those of an input can be.</param>
    public static float StepOfSlopes(float largest, float squares, int places, float squaresOfColumn) =>
        IntegerProducts.Scale(largest, squares, places, MathF.Max(1, MathF.Sqrt(squaresOfColumn)));
}
