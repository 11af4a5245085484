using ForwardForward.Learning.Specs;

namespace ForwardForward.Learning.Convolutions;

internal sealed partial class ConvolutionLayer
{
    /// <summary>Where the goodness of a picture is that passed last, and not to be learned from.</summary>
    /// <param name="picture">Its row.</param>
    public GoodnessMaps Maps(int picture) =>
        new(
            _shape.Activity with
            {
                Channels = 1,
            },
            _shape.ChannelsOfClass,
            [.. Enumerable.Range(0, _shape.Classes).Select(set => Map(picture, set))],
            LastGoodness.Slice(picture * _shape.Classes, _shape.Classes).ToArray()
        );

    private float[] Map(int picture, int set)
    {
        var activity = _activity.Row<float>(picture);
        var map = new float[_shape.Activity.Points];
        var own = _batch is null ? picture * _shape.Channels : 0; // every picture has its own scale
        for (var point = 0; point < map.Length; point++)
        {
            double sum = 0;
            for (var c = set * _shape.ChannelsOfClass; c < (set + 1) * _shape.ChannelsOfClass; c++)
            {
                double value = activity[(point * _shape.Channels) + c];
                sum += _shape.Spec.Goodness == ChannelGoodness.Mean ? value : Square((_scale[own + c] * value) + _shift[own + c]);
            }

            map[point] = (float)(sum / _shape.ChannelsOfClass);
        }

        return map;
    }

    private static double Square(double value) => value * value;
}
