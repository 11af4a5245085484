using ForwardForward.Learning.Exactness;

namespace ForwardForward.Learning.Negatives;

/// <summary>Wrong labels for negative rows; the true class is never drawn.</summary>
internal static class NegativeLabels
{
    /// <summary>Every wrong class alike.</summary>
    public static byte Random(int trueClass, int classes, ref KeyedRandom random)
    {
        var other = random.NextInt32(classes - 1);
        return (byte)(other < trueClass ? other : other + 1);
    }

    /// <summary>In proportion to the readout's probabilities for that image (Hinton's code, "choosefrom").</summary>
    /// <param name="probabilities">One per class.</param>
    public static byte Hard(int trueClass, ReadOnlySpan<float> probabilities, ref KeyedRandom random)
    {
        double others = 0;
        for (var c = 0; c < probabilities.Length; c++)
        {
            others += c == trueClass ? 0 : probabilities[c];
        }

        if (!(others > 1e-30))
        {
            return Random(trueClass, probabilities.Length, ref random); // so sure that no wrong class has a share left in fp32
        }

        var left = random.NextSingle() * others;
        var last = trueClass;
        for (var c = 0; c < probabilities.Length; c++)
        {
            if (c == trueClass || probabilities[c] == 0)
            {
                continue;
            }

            last = c;
            left -= probabilities[c];
            if (left < 0)
            {
                break;
            }
        }

        return (byte)last;
    }
}
