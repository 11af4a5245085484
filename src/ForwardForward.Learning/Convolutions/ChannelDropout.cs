using ForwardForward.Learning.Exactness;

namespace ForwardForward.Learning.Convolutions;

/// <summary>
/// Which activity of a convolutional layer a training row leaves out: a function of seed, layer, slot and row. What stays counts 1 / (1 -
/// share) (Srivastava et al. 2014).
/// </summary>
internal static class ChannelDropout
{
    public static float Scale(ConvolutionOptions options) => (float)(1 / (1 - options.Dropout));

    /// <param name="activity">Of one picture, points x U.</param>
    /// <param name="slot">Number of the training slot.</param>
    /// <param name="picture">In the slot.</param>
    public static void Apply(ConvolutionOptions options, Span<float> activity, long slot, int picture)
    {
        var random = new KeyedRandom(options.Seed, RandomPurpose.Dropout, options.Index, (slot * options.MaxRows) + picture);
        var threshold = (ushort)Math.Round(options.Dropout * (1 << 16));
        var scale = Scale(options);
        ulong bits = 0;
        for (var i = 0; i < activity.Length; i++)
        {
            bits = i % 4 == 0 ? random.NextUInt64() : bits >> 16;
            activity[i] = (ushort)bits < threshold ? 0 : activity[i] * scale;
        }
    }
}
