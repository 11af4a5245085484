using System.Buffers;

namespace ForwardForward.Learning.Convolutions;

/// <summary>A number of each channel, again and again until the last one stands at the end of 16 lanes.</summary>
internal readonly ref struct ChannelTile
{
    private const int Lanes = 16;

    private readonly float[] _rented;
    private readonly int _channels;

    /// <summary>Zeros.</summary>
    /// <param name="atLeast">How many numbers.</param>
    public ChannelTile(int channels, int atLeast = 0)
    {
        var length = channels;
        while (length % Lanes != 0 || length < atLeast)
        {
            length += channels;
        }

        (_channels, _rented) = (channels, ArrayPool<float>.Shared.Rent(length));
        Values = _rented.AsSpan(0, length);
        Values.Clear();
    }

    /// <param name="atLeast">How many numbers.</param>
    public ChannelTile(ReadOnlySpan<float> values, int atLeast = 0)
        : this(values.Length, atLeast)
    {
        for (var i = 0; i < Values.Length; i += _channels)
        {
            values.CopyTo(Values[i..]);
        }
    }

    public Span<float> Values { get; }

    /// <summary>The sum over all places of each channel.</summary>
    public void Fold(Span<float> target)
    {
        Values[.._channels].CopyTo(target);
        for (var i = _channels; i < Values.Length; i += _channels)
        {
            ChannelRows.Add(Values.Slice(i, _channels), target);
        }
    }

    /// <summary>The largest of all places of each channel.</summary>
    public void FoldLargest(Span<float> target)
    {
        Values[.._channels].CopyTo(target);
        for (var i = _channels; i < Values.Length; i++)
        {
            target[i % _channels] = Math.Max(target[i % _channels], Values[i]);
        }
    }

    public void Dispose() => ArrayPool<float>.Shared.Return(_rented);
}
