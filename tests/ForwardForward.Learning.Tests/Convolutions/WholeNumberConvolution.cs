using System.Numerics;
using ForwardForward.Learning.Convolutions;
using ForwardForward.Learning.Tensors;

namespace ForwardForward.Learning.Tests.Convolutions;

/// <summary>A convolution in portable precision by plain loops over whole numbers of any size.</summary>
internal sealed class WholeNumberConvolution
{
    private readonly ConvolutionShape _shape;
    private readonly ConvolutionBounds _bounds;
    private readonly int[][] _weights;
    private readonly float[] _weightSteps;
    private readonly int[][] _pictures;
    private readonly float[] _pictureSteps;
    private readonly float[] _channelSquares;

    public WholeNumberConvolution(ConvolutionShape shape, Matrix weights, ReadOnlySpan<float> pictures, int count)
    {
        (_shape, _bounds) = (shape, new ConvolutionBounds(shape));
        (_weights, _weightSteps) = (new int[weights.Rows][], new float[weights.Rows]);
        for (var channel = 0; channel < weights.Rows; channel++)
        {
            var row = weights.Row<float>(channel).ToArray();
            _weightSteps[channel] = _bounds.StepOfWeights(row);
            _weights[channel] = Array.ConvertAll(row, value => Rounded(value, _weightSteps[channel]));
        }

        (_pictures, _pictureSteps, _channelSquares) = (new int[count][], new float[count], new float[count]);
        for (var n = 0; n < count; n++)
        {
            var picture = pictures.Slice(n * shape.In.Size, shape.In.Size).ToArray();
            var extent = PictureExtent.Of(shape, picture);
            _pictureSteps[n] = _bounds.StepOfPicture(extent);
            _channelSquares[n] = _bounds.SquaresOfChannel(extent, _pictureSteps[n]);
            _pictures[n] = Array.ConvertAll(picture, value => Rounded(value, _pictureSteps[n]));
        }
    }

    /// <summary>Largest product of the squared lengths of what a channel sees at a place and of its weights, so far.</summary>
    public BigInteger LongestProduct { get; private set; }

    /// <summary>The same of what an input sees at all places and of a channel's slopes.</summary>
    public BigInteger LongestGradient { get; private set; }

    public float[] Made() =>
        [
            .. Enumerable
                .Range(0, _pictures.Length * _shape.Convolved.Points)
                .SelectMany(place => Enumerable.Range(0, _shape.Channels).Select(channel => Made(place, channel))),
        ];

    public float Made(int place, int channel)
    {
        var picture = place / _shape.Convolved.Points;
        BigInteger sum = 0,
            ofPicture = 0,
            ofWeights = 0;
        for (var input = 0; input < _shape.Inputs; input++)
        {
            BigInteger seen = Seen(place, channel, input),
                weight = _weights[channel][input];
            sum += seen * weight;
            ofPicture += seen * seen;
            ofWeights += weight * weight;
        }

        LongestProduct = BigInteger.Max(LongestProduct, ofPicture * ofWeights);
        return ToBf16(sum) * (_weightSteps[channel] * _pictureSteps[picture]);
    }

    public float[] Gradient(float[] slopes) =>
        [
            .. Enumerable
                .Range(0, _shape.Channels)
                .SelectMany(channel => Enumerable.Range(0, _shape.Inputs).Select(input => Gradient(slopes, channel, input))),
        ];

    public float Gradient(float[] slopes, int channel, int input)
    {
        var share = new PictureLanes(_shape, ConvolutionBounds.ColumnNumbers, _pictures.Length);
        var lanes = Enumerable.Range(0, share.Count).Select(lane => Gradient(slopes, channel, input, share.Of(lane, _pictures.Length)));
        return lanes.Aggregate((sum, lane) => sum + lane);
    }

    private float Gradient(float[] slopes, int channel, int input, IEnumerable<(int First, int Count)> pieces) =>
        pieces.Select(piece => Gradient(slopes, channel, input, piece.First, piece.Count)).Aggregate((sum, piece) => sum + piece);

    private float Gradient(float[] slopes, int channel, int input, int first, int count)
    {
        var ofColumns = 0f;
        for (var n = first; n < first + count; n++)
        {
            ofColumns += _channelSquares[n];
        }

        var points = _shape.Convolved.Points;
        var counted = Enumerable
            .Range(first * points, count * points)
            .Select(place => slopes[(place * _shape.Channels) + channel] * _pictureSteps[place / points])
            .ToArray();
        var (largest, squares) = Measured(counted, count);
        var step = ConvolutionBounds.StepOfSlopes(largest, squares, count * points, ofColumns);
        BigInteger sum = 0,
            ofSlopes = 0,
            ofInputs = 0;
        for (var i = 0; i < counted.Length; i++)
        {
            BigInteger slope = (int)MathF.Round(counted[i] / step, MidpointRounding.ToEven),
                seen = Seen((first * points) + i, channel, input);
            sum += slope * seen;
            ofSlopes += slope * slope;
            ofInputs += seen * seen;
        }

        LongestGradient = BigInteger.Max(LongestGradient, ofSlopes * ofInputs);
        return ToBf16(sum) * step;
    }

    // In the order of the passes: a tile over the channels, begun anew with each picture, and then its places.
    private (float Largest, float Squares) Measured(float[] counted, int count)
    {
        var points = _shape.Convolved.Points;
        using var tile = new ChannelTile(_shape.Channels, IntegerChannels<float, Fp32Element>.TileLength);
        var together = tile.Values.Length / _shape.Channels; // places of a channel in a tile
        var sums = new float[together];
        for (var n = 0; n < count; n++)
        {
            for (var point = 0; point < points; point++)
            {
                var value = counted[(n * points) + point];
                sums[point % together] += value * value;
            }
        }

        return (counted.Max(MathF.Abs), sums.Aggregate((sum, one) => sum + one));
    }

    private static int Rounded(float value, float step) =>
        (int)Math.Clamp(MathF.Round(value / step, MidpointRounding.ToEven), -IntegerProducts.Largest, IntegerProducts.Largest);

    private static float ToBf16(BigInteger sum)
    {
        var rounded = new ushort[1];
        Rounding.ToBf16([(float)(double)sum], rounded);
        var back = new float[1];
        Rounding.FromBf16(rounded, back);
        return back[0];
    }

    // What a channel sees at a place, by the number of its input: kernel row, kernel column, channel of the group.
    private int Seen(int place, int channel, int input)
    {
        var (picture, point, kernel) = (place / _shape.Convolved.Points, place % _shape.Convolved.Points, _shape.Spec.Kernel);
        int y = (point / _shape.Convolved.Width * _shape.Spec.Stride) + (input / _shape.InOfGroup / kernel) - _shape.Padding,
            x = (point % _shape.Convolved.Width * _shape.Spec.Stride) + (input / _shape.InOfGroup % kernel) - _shape.Padding,
            below = (channel / _shape.ChannelsOfGroup * _shape.InOfGroup) + (input % _shape.InOfGroup);
        return y < 0 || y >= _shape.In.Height || x < 0 || x >= _shape.In.Width
            ? 0
            : _pictures[picture][(((y * _shape.In.Width) + x) * _shape.In.Channels) + below];
    }
}
