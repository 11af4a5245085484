using ForwardForward.Chaos;
using ForwardForward.Contracts.Experiments;
using ForwardForward.Contracts.Streams;
using ForwardForward.Experiments.Data;
using ForwardForward.Learning;
using ForwardForward.Learning.Data;
using ForwardForward.Learning.Native;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Streams;
using ForwardForward.Learning.Tensors;
using ForwardForward.Learning.Tests.Data;
using ForwardForward.Runtime.Hosting;

namespace ForwardForward.Runtime.Tests.Parity;

/// <summary>A run that learns from a stream is a function of spec, data, seed and the stream's journal.</summary>
public sealed class StreamParityTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ExperimentSpec _spec;
    private readonly DataSet _data;

    public StreamParityTests()
    {
        LibTorch.EnsureLoaded();
        _spec = new ExperimentSpec
        {
            Stream = true,
            Dataset = TinyIdx.Write(_folder["data"], train: 400, test: 60, side: 8, classes: 5),
            Layers = [50, 70, 71],
            Epochs = 10,
            BatchSize = 20,
            Precision = Precision.Fp32,
            Negatives = new NegativesSpec { Lag = 6 },
            Evaluation = new EvaluationSpec { FastEvery = 1, GoodnessEvery = 3 },
            Checkpoint = new CheckpointSpec { EverySlots = 30 },
        };
        _data = new DataSets(_folder["cache"]).Open(_spec.Dataset, _ => { });
    }

    // It ends within an epoch, where one does (with its test due), before the lag is over, and with more than all epochs take.
    public static TheoryData<string, int, int> Ways =>
        new()
        {
            { "supervised", 1, 1234 },
            { "supervised", 3, 1200 },
            { "supervised", 1, 70 },
            { "supervised", 1, 4100 },
            { "unsupervised", 2, 1019 },
            { "backpropagation", 1, 1234 },
        };

    [Theory, MemberData(nameof(Ways))]
    public async Task A_stream_in_pieces_with_a_pause_while_nothing_comes_ends_in_the_bytes_of_the_reference_with_its_journal(
        string recipe,
        int silos,
        int examples
    )
    {
        var spec = Of(recipe);
        var all = Examples(examples);
        await using var cluster = await EmbeddedCluster.Start(silos, _folder["cache"], _folder["checkpoints"]);
        var run = cluster.Grains.GetGrain<IExperimentGrain>("streamed");
        await run.Start(new RunRequest(spec));
        var parts = all[..^30].Chunk(StreamPost.MaxExamples).ToList();
        var isMore = examples > 4000; // than all epochs take: the run could be over before the last are sent
        foreach (var (number, part) in parts.Index().Where(_ => !isMore))
        {
            await run.Feed(Post($"part {number}", part));
        }

        await run.Pause(); // it waits for the rest, with nothing under way
        foreach (var (number, part) in parts.Index().Where(_ => isMore))
        {
            await run.Feed(Post($"part {number}", part));
        }

        var again = await run.Feed(Post("part 0", parts[0]));
        StreamReceipt last;
        if (isMore)
        {
            last = await run.Feed(Post("last", all[^30..], ends: true));
            await run.Resume();
        }
        else
        {
            await run.Resume();
            last = await run.Feed(Post("last", all[^30..], ends: true));
        }

        var done = await End(run);
        var (hash, errors) = Reference(spec, all);

        Assert.Equal((0, parts[0].Length, false), (again.First, again.Count, again.IsNew));
        Assert.Equal((examples, true, true), (last.Total, last.HasEnded, last.IsNew));
        Assert.Equal(hash, done.StateHash);
        Assert.Equal(done.Slots, done.Slot);
        Assert.Equal(errors, await Measured(run));
        Assert.Equal(errors.Count > 0 ? errors[^1] : null, done.Prequential);
        Assert.NotNull(done.LastEvaluation?.ErrorFast);
    }

    [Fact]
    public async Task What_cannot_be_learned_is_refused_with_a_sentence_and_nothing_of_it_is_taken()
    {
        var all = Examples(100);
        await using var cluster = await EmbeddedCluster.Start(1, _folder["cache"], _folder["checkpoints"]);
        var run = cluster.Grains.GetGrain<IExperimentGrain>("strict");
        await run.Start(new RunRequest(_spec));
        async Task<string> Refused(StreamPost post) => (await Assert.ThrowsAsync<InvalidInputException>(() => run.Feed(post))).Message;

        var label = await Refused(Post("label", [new Example(5, new byte[64])]));
        var size = await Refused(Post("size", [new Example(1, new byte[63])]));
        await run.Feed(Post("known", all[..50]));
        var other = await Refused(Post("known", all[50..]));
        var lesson = await Assert.ThrowsAsync<InvalidInputException>(() => run.Teach(new Lesson("a", new byte[64], 1)));
        await run.Feed(Post("rest", all[50..], ends: true));
        var ended = await Refused(Post("late", all[..1]));
        var done = await End(run);
        var early = cluster.Grains.GetGrain<IExperimentGrain>("early");
        await early.Start(new RunRequest(_spec));
        await early.Feed(Post("few", all[..7], ends: true));
        var failed = await Over(early);
        var topDown = await Assert.ThrowsAsync<InvalidInputException>(() =>
            cluster
                .Grains.GetGrain<IExperimentGrain>("topdown")
                .Start(
                    new RunRequest(
                        _spec with
                        {
                            TopDown = new TopDownSpec
                            {
                                Iterations = 3,
                                TestFirst = 2,
                                TestLast = 3,
                            },
                        }
                    )
                )
        );

        Assert.Equal("The examples for the run 'strict' cannot be taken: it has the label 5, expected 0 to 4.", label);
        Assert.Equal("The examples for the run 'strict' cannot be taken: it has 63 pixels, expected 64 for each of 1 examples.", size);
        Assert.Equal("The run 'strict' was given other examples under the id 'known', expected a new id for new examples.", other);
        Assert.StartsWith("The run 'strict' learns from a stream, expected the lesson as one of its examples", lesson.Message);
        Assert.Matches("^The (stream of the run 'strict' has ended after 100 examples|run 'strict' is done)", ended);
        Assert.Equal(Reference(_spec, all).Hash, done.StateHash);
        Assert.Equal("The stream ended after 7 examples, expected at least the 20 of a mini-batch (batchSize).", failed.Error);
        Assert.Contains("topDown.iterations is 3", topDown.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private ExperimentSpec Of(string recipe) =>
        recipe switch
        {
            "unsupervised" => _spec with { Negatives = new NegativesSpec { Kind = NegativesKind.Hybrid } },
            "backpropagation" => _spec with { Backpropagation = new BackpropagationSpec { Network = NetworkKind.Perceptron } },
            _ => _spec,
        };

    private Example[] Examples(int count) =>
        [
            .. Enumerable
                .Range(0, count)
                .Select(i => i * 7 % _data.Train.Count)
                .Select(i => new Example(_data.Train.Labels[i], _data.Train.Pixels.AsMemory(i * 64, 64))),
        ];

    private static StreamPost Post(string id, Example[] examples, bool ends = false) =>
        new(id, [.. examples.Select(example => example.Label)], [.. examples.SelectMany(example => example.Pixels.ToArray())], ends);

    private static async Task<RunStatus> Over(IExperimentGrain run)
    {
        var status = await run.Status();
        for (long next = 0; !status.IsOver; )
        {
            var news = await run.Watch(next);
            (status, next) = (news.Status, next + news.Events.Count);
        }

        return status;
    }

    private static async Task<RunStatus> End(IExperimentGrain run)
    {
        var status = await Over(run);
        Assert.True(status.State == RunState.Done, status.Error);
        return status;
    }

    private static async Task<IReadOnlyList<Prequential>> Measured(IExperimentGrain run) =>
        [.. (await run.Watch(0)).Events.Select(measured => measured.Streamed).OfType<Prequential>()];

    private (string Hash, IReadOnlyList<Prequential> Errors) Reference(ExperimentSpec spec, Example[] examples)
    {
        using var reference = new SequentialTrainer(spec, _data, new WorkerPool(1), stream: new Journal(examples));
        List<Prequential> errors = [];
        reference.Streamed += measured => errors.Add(new(measured.Slot, measured.Epoch, measured.Examples, measured.Error));
        return (reference.Run().Hash, errors);
    }

    /// <summary>That has ended before anybody reads it.</summary>
    private sealed class Journal(Example[] examples) : IExamples
    {
        public StreamPiece Read(long first, int most) => new([.. examples.Skip((int)first).Take(Math.Min(most, 33))], examples.Length);
    }
}
