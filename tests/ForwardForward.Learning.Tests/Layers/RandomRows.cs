using ForwardForward.Learning.Exactness;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tensors;

namespace ForwardForward.Learning.Tests.Layers;

internal static class RandomRows
{
    /// <summary>Standard normal rows, without what is negative in portable precision; another key gives other rows.</summary>
    public static Activations Make(int rows, int width, Precision precision, int key = 0)
    {
        var random = new KeyedRandom(11, RandomPurpose.Order, 0, key);
        var values = new float[rows * width];
        foreach (ref var value in values.AsSpan())
        {
            value = (float)random.NextNormal();
        }

        var made = Activations.Rent(rows, width, precision);
        Rounding.To(precision, values, made.Bytes);

        return made;
    }
}
