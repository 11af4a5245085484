using ForwardForward.Learning.Exactness;
using ForwardForward.Learning.Layers;
using ForwardForward.Learning.Recipes.Networks;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tensors;

namespace ForwardForward.Learning.Tests.Layers;

public sealed class WorkerPoolTests
{
    [Theory]
    [InlineData(Precision.Fp32)]
    [InlineData(Precision.Bf16)]
    public void Their_number_changes_no_bit_of_a_layer(Precision precision)
    {
        var (output, state) = Train(precision, WorkerPool.One);
        using var two = new WorkerPool(2);
        var (sharedOutput, sharedState) = Train(precision, two);

        Assert.Equal(output, sharedOutput);
        Assert.Equal(state, sharedState);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Every_piece_is_done_once_each_time(int count)
    {
        using var threads = new WorkerPool(count);
        var done = new int[50];
        for (var round = 1; round <= 2000; round++)
        {
            threads.For(done.Length, i => Interlocked.Increment(ref done[i]));
            Assert.All(done, times => Assert.Equal(round, times));
        }
    }

    [Fact]
    public void Pieces_are_done_side_by_side_also_after_a_pause()
    {
        using var threads = new WorkerPool(2);
        for (var round = 0; round < 3; round++)
        {
            using var both = new Barrier(2);
            threads.For(2, _ => Assert.True(both.SignalAndWait(TimeSpan.FromSeconds(30))));
            Thread.SpinWait(1_000_000); // the helper sleeps by now, or is about to
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void What_a_piece_throws_reaches_the_caller_and_the_next_pieces_are_done(int count)
    {
        using var threads = new WorkerPool(count);

        Assert.Throws<FormatException>(() => threads.For(8, i => throw new FormatException()));

        var done = 0;
        threads.For(8, _ => Interlocked.Increment(ref done));
        Assert.Equal(8, done);
    }

    [Fact]
    public void Threads_end_when_they_are_disposed()
    {
        Thread? helper = null;
        using (var threads = new WorkerPool(2))
        {
            using var both = new Barrier(2);
            var caller = Thread.CurrentThread;
            threads.For(
                2,
                _ =>
                {
                    both.SignalAndWait();
                    helper = Thread.CurrentThread == caller ? helper : Thread.CurrentThread;
                }
            );
        }

        Assert.True(helper!.Join(TimeSpan.FromSeconds(30)));
    }

    private static (byte[] Output, byte[] State) Train(Precision precision, WorkerPool threads)
    {
        const int Batch = 40,
            Rows = 130,
            Inputs = 70,
            Units = 1100;
        var spec = TinyRun.Spec(precision) with { BatchSize = Batch };
        using var layer = new FFLayer(LayerOptionsOf.Layer(spec, 0, new LayerShape(Inputs, 0, Units), Rows), threads);
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
