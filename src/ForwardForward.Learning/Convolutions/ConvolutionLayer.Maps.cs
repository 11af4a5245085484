using ForwardForward.Learning.Specs;

namespace ForwardForward.Learning.Convolutions;

internal sealed partial class ConvolutionLayer
{
    /// <summary>Where the goodness of a picture is that passed last, and not to be learned from.</summary>
    /// <param name="picture">Its row.</param>
    public GoodnessMaps Maps(int picture)
    {
        var goodness = LastGoodness.Slice(picture * _shape.Classes, _shape.Classes).ToArray();
        return new GoodnessMaps(
            _shape.Activity with
            {
                Channels = 1,
            },
            _assignment is null ? _shape.ChannelsOfClass : 0,
            [
                .. Enumerable
                    .Range(0, _shape.Classes)
                    .Select(of => _assignment is null ? MapOfSet(picture, of) : MapOfAll(picture, of, goodness[of])),
            ],
            goodness
        );
    }

    private float[] MapOfSet(int picture, int set)
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

    // What the greatest and the least points of the channels add is of the whole picture.
    private float[] MapOfAll(int picture, int of, float goodness)
    {
        var activity = _activity.Row<float>(picture);
        var map = new float[_shape.Activity.Points];
        for (var point = 0; point < map.Length; point++)
        {
            double sum = 0;
            for (var c = 0; c < _shape.Channels; c++)
            {
                sum += _assignment!.Weights[(c * _shape.Classes) + of] * activity[(point * _shape.Channels) + c];
            }

            map[point] = _extremes!.OfEachPoint((float)sum) * map.Length;
        }

        var rest = goodness - map.Average();
        return Array.ConvertAll(map, value => value + rest);
    }

    private static double Square(double value) => value * value;
}
