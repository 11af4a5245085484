using ForwardForward.Learning.Recipes;
using ForwardForward.Runtime.Sources;

namespace ForwardForward.Runtime.Tests.Sources;

public class PredictionQueueTests
{
    private readonly Clock _time = new();
    private int _answered;

    [Fact]
    public async Task Who_asks_alone_rides_at_once_and_those_who_ask_soon_after_ride_together()
    {
        var queue = new PredictionQueue(pixels: 1, classes: 1, _time, images => _answered += images);
        var first = queue.Ask([1]);
        var alone = queue.TakeUp();
        var (second, third) = (queue.Ask([2]), queue.Ask([3]));
        Assert.Null(queue.TakeUp());
        _time.Now += TimeSpan.FromMilliseconds(100);
        var together = queue.TakeUp();

        Assert.Equal([1], alone!.Value.Images.Pixels);
        Assert.Equal([2, 3], together!.Value.Images.Pixels);
        queue.Answered(new PredictionResponse(together.Value.Ride, 7, [0.25f, 0.75f]));
        queue.Answered(new PredictionResponse(alone.Value.Ride, 5, [1f]));
        var answers = await Task.WhenAll(first, second, third);
        Assert.Equal([(5, 1f), (7, 0.25f), (7, 0.75f)], answers.Select(answer => (answer.Slot, answer.Probabilities.Single())));
        Assert.Equal(3, _answered);
    }

    [Fact]
    public async Task Those_who_ask_layers_too_ride_apart_and_each_is_told_of_his_own_images()
    {
        var queue = new PredictionQueue(pixels: 1, classes: 2, _time, _ => { });
        var (first, plain, second) = (queue.Ask([1, 2], tries: true), queue.Ask([3]), queue.Ask([4], tries: true));
        var tried = queue.TakeUp()!.Value;
        _time.Now += TimeSpan.FromMilliseconds(100);
        var others = queue.TakeUp()!.Value;

        queue.Answered(
            new PredictionResponse(tried.Ride, 7, [.. Enumerable.Repeat(0.5f, 6)])
            {
                Layers = new LayerGoodness([.. Enumerable.Range(0, 12).Select(i => (float)i)], [0, 1, 2, 3, 4, 5]), // of two layers
            }
        );
        queue.Answered(new PredictionResponse(others.Ride, 8, [0.25f, 0.75f]));

        Assert.Equal((true, false), (tried.Tries, others.Tries));
        Assert.Equal([1, 2, 4], tried.Images.Pixels);
        Assert.Equal([3], others.Images.Pixels);
        var (one, other) = (await first, await second);
        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7], one.Goodness!);
        Assert.Equal([0, 1, 2, 3], one.NeutralGoodness!);
        Assert.Equal([8, 9, 10, 11], other.Goodness!);
        Assert.Equal([4, 5], other.NeutralGoodness!);
        Assert.Null((await plain).Goodness);
    }

    [Fact]
    public void As_many_as_fill_a_ride_need_not_wait()
    {
        var queue = new PredictionQueue(pixels: 1, classes: 1, _time, _ => { });
        _ = queue.Ask([1]);
        Assert.NotNull(queue.TakeUp());
        _ = queue.Ask(new byte[PredictionRequest.MaxImages]);

        Assert.Equal(PredictionRequest.MaxImages, queue.TakeUp()!.Value.Images.Count);
    }

    private sealed class Clock : TimeProvider
    {
        public TimeSpan Now { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;
    }
}
