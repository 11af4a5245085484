using ForwardForward.Learning.Exactness;
using ForwardForward.Learning.Layers;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Learning.Tests.Layers;

public sealed class ThreadsTests
{
    [Theory]
    [InlineData(Precision.Fp32)]
    [InlineData(Precision.Bf16)]
    public void Their_number_changes_no_bit_of_a_layer(Precision precision)
    {
        var (output, state) = Train(precision, Threads.One);
        var (sharedOutput, sharedState) = Train(precision, new Threads(2));

        Assert.Equal(output, sharedOutput);
        Assert.Equal(state, sharedState);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Every_piece_is_done_once(int threads)
    {
        var done = new int[50];
        new Threads(threads).For(done.Length, i => Interlocked.Increment(ref done[i]));
        Assert.All(done, count => Assert.Equal(1, count));
    }

    private static (byte[] Output, byte[] State) Train(Precision precision, Threads threads)
    {
        const int Batch = 40, Rows = 130, Inputs = 70, Units = 1100;
        var spec = TinyRun.Spec(precision) with { BatchSize = Batch };
        using var layer = new FFLayer(spec, 0, Inputs, Units, Rows, threads);
        byte[] output = [];
        for (var update = 1; update <= 5; update++)
        {
            using var x = RandomRows.Make(Rows, Inputs, precision, update);
            using var y = layer.Forward(x);
            output = y.Bytes.ToArray();
            layer.Learn(new RowLayout(Batch, Batch, Rows - (2 * Batch), 0), 1, update);
        }

        return (output, StateHash.OfStage(layer.State));
    }
}
