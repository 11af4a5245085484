namespace ForwardForward.Learning.Exactness;

/// <summary>What a draw is for. Values are part of every result: never renumber.</summary>
public enum RandomPurpose : ulong
{
    Weights = 1,
    Order = 2,
    NegativeLabels = 3,
    Faults = 4,
    Dropout = 5,
    InputDropout = 6,
    Shift = 7,
    PixelOrder = 8,
    HybridMask = 9,
    Words = 10,
    Paper = 11,
    Scene = 12,
    Flip = 13,
    Turn = 14,
    Crop = 15,
    Colour = 16,
    Grey = 17,
    Contrast = 18,
    Trial = 19,
}

/// <summary>
/// A stream of random numbers that depends on (seed, purpose, layer, slot) only, so there is no generator state to save and no order of
/// arrival that could change a number. SplitMix64 (Steele, Lea, Flood 2014) from a mixed key.
/// </summary>
public struct KeyedRandom
{
    private ulong _state;
    private double _spareNormal;
    private bool _hasSpare;

    public KeyedRandom(int seed, RandomPurpose purpose, int layer, long slot)
    {
        _state = Mix((ulong)seed);
        _state = Mix(_state ^ (ulong)purpose);
        _state = Mix(_state ^ (ulong)layer);
        _state = Mix(_state ^ (ulong)slot);
    }

    public ulong NextUInt64() => Mix(_state += 0x9E3779B97F4A7C15);

    /// <summary>Uniform in [0, 1) with 24 bits, all of them exact in fp32.</summary>
    public float NextSingle() => (NextUInt64() >> 40) * (1f / (1 << 24));

    /// <summary>Uniform in [0, <paramref name="exclusiveMaximum"/>).</summary>
    public int NextInt32(int exclusiveMaximum) => (int)Math.BigMul(NextUInt64(), (ulong)exclusiveMaximum, out _);

    /// <summary>Standard normal (Box-Muller).</summary>
    public double NextNormal()
    {
        if (_hasSpare)
        {
            _hasSpare = false;
            return _spareNormal;
        }

        var radius = Math.Sqrt(-2 * Math.Log(1 - NextDouble()));
        var (sin, cos) = Math.SinCos(2 * Math.PI * NextDouble());
        (_spareNormal, _hasSpare) = (radius * sin, true);
        return radius * cos;
    }

    /// <summary>As <see cref="NextNormal"/>, of the same numbers, but with no function of the machine's C library.</summary>
    internal double NextPortableNormal()
    {
        if (_hasSpare)
        {
            _hasSpare = false;
            return _spareNormal;
        }

        var radius = Math.Sqrt(-2 * Series.Log(1 - NextDouble()));
        var (sine, cosine) = Series.SineAndCosine(360 * NextDouble());
        (_spareNormal, _hasSpare) = (radius * sine, true);
        return radius * cosine;
    }

    /// <summary>A random order of 0..count-1 (Fisher-Yates).</summary>
    public int[] NextOrder(int count)
    {
        var order = new int[count];
        for (var i = 0; i < count; i++)
        {
            var j = NextInt32(i + 1);
            (order[i], order[j]) = (order[j], i);
        }

        return order;
    }

    private double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    private static ulong Mix(ulong x)
    {
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        return x ^ (x >> 31);
    }
}
