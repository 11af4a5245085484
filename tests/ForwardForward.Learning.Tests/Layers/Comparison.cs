using ForwardForward.Learning.Tensors;

namespace ForwardForward.Learning.Tests.Layers;

/// <summary>Reads stored tensors as float64 and compares them with what a plain computation says.</summary>
internal static class Comparison
{
    /// <summary>No element may be further off than a share of the largest expected one.</summary>
    public static void AssertNear(double[] expected, double[] actual, double share, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        var allowed = share * expected.Max(Math.Abs);
        for (var i = 0; i < expected.Length; i++)
        {
            var off = Math.Abs(expected[i] - actual[i]);
            Assert.True(off <= allowed, $"{what}: element {i} is {actual[i]}, expected {expected[i]} within {allowed}");
        }
    }

    public static double[] Read(Matrix fp32) => Doubles(fp32.RowSpan<float>(0, fp32.Rows));

    public static double[] Read(Activations rows)
    {
        var values = new float[rows.Rows * rows.Width];
        Rounding.From(rows.Precision, rows.Bytes, values);
        return Doubles(values);
    }

    public static double[] Doubles(ReadOnlySpan<float> values)
    {
        var doubles = new double[values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            doubles[i] = values[i];
        }

        return doubles;
    }

    public static Dictionary<string, double[]> Read(IEnumerable<(string Name, Matrix Value)> state) =>
        state.ToDictionary(s => s.Name, s => Read(s.Value));
}
