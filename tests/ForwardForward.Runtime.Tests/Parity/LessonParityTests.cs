using ForwardForward.Chaos;
using ForwardForward.Contracts.Experiments;
using ForwardForward.Experiments.Data;
using ForwardForward.Learning;
using ForwardForward.Learning.Data;
using ForwardForward.Learning.Native;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tensors;
using ForwardForward.Learning.Tests.Data;
using ForwardForward.Runtime.Hosting;
using ForwardForward.Runtime.Sources;

namespace ForwardForward.Runtime.Tests.Parity;

/// <summary>A run that is taught while it trains is a function of spec, data, seed and its journal of lessons.</summary>
public sealed class LessonParityTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ExperimentSpec _spec;
    private readonly DataSet _data;

    public LessonParityTests()
    {
        LibTorch.EnsureLoaded();
        _spec = new ExperimentSpec
        {
            Dataset = TinyIdx.Write(_folder["data"], train: 400, test: 60, side: 8, classes: 5),
            Layers = [50, 70, 71],
            Epochs = 30,
            BatchSize = 20,
            Precision = Precision.Fp32,
            Negatives = new NegativesSpec { Lag = 6 },
            Evaluation = new EvaluationSpec { FastEvery = 5, GoodnessEvery = 30 },
            Checkpoint = new CheckpointSpec { EverySlots = 50 },
            Teach = new TeachSpec { Repeat = 5 },
        };
        _data = new DataSets(_folder["cache"]).Open(_spec.Dataset, _ => { });
    }

    public static TheoryData<string, int> Ways =>
        new()
        {
            { "supervised", 1 },
            { "supervised", 3 },
            { "topDown", 2 },
            { "unsupervised", 2 },
        };

    [Theory, MemberData(nameof(Ways))]
    public async Task A_run_that_is_taught_and_paused_and_taught_again_ends_in_the_bytes_of_the_reference_with_its_journal(
        string recipe,
        int silos
    )
    {
        var spec = Of(recipe);
        await using var cluster = await EmbeddedCluster.Start(silos, _folder["cache"], _folder["checkpoints"]);
        var run = cluster.Grains.GetGrain<IExperimentGrain>("taught");
        await run.Start(new RunRequest(spec));
        var first = await run.Teach(Lesson("first", 3));
        var again = await run.Teach(Lesson("first", 3));
        var second = await run.Teach(Lesson("second", 1));
        await run.Pause();
        var resting = await Assert.ThrowsAsync<InvalidInputException>(() => run.Teach(Lesson("third", 2)));
        await run.Resume();
        await run.Teach(Lesson("third", 2));
        var back = await run.TakeBack("second");
        var done = await End(run);
        var journal = await run.Lessons(0);

        Assert.Equal((true, false, first.Lesson.Batch), (first.IsNew, again.IsNew, again.Lesson.Batch));
        Assert.Equal("The run 'taught' is paused, expected one that trains: only then can it be taught.", resting.Message);
        Assert.Equal(["first", "second", "third"], journal.Select(lesson => lesson.Id));
        Assert.True(second.Lesson.Batch < journal[2].Batch);
        Assert.Equal(back.Lesson.TakenBack, journal[1].TakenBack);
        Assert.Equal(Reference(spec, journal), done.StateHash);
        Assert.NotEqual(Reference(spec, []), done.StateHash);
        Assert.NotEqual(Reference(spec, [journal[0]]), done.StateHash);
    }

    [Fact]
    public async Task What_cannot_be_taught_is_refused_with_a_sentence_and_changes_nothing()
    {
        await using var cluster = await EmbeddedCluster.Start(1, _folder["cache"], _folder["checkpoints"]);
        var run = cluster.Grains.GetGrain<IExperimentGrain>("strict");
        await run.Start(new RunRequest(_spec));
        await run.Teach(Lesson("known", 1));
        var anonymous = await run.Teach(Lesson("anonymous", 1) with { Who = null! });

        var label = await Assert.ThrowsAsync<InvalidInputException>(() => run.Teach(Lesson("label", 5)));
        var size = await Assert.ThrowsAsync<InvalidInputException>(() => run.Teach(new Lesson("size", new byte[63], 1)));
        var other = await Assert.ThrowsAsync<InvalidInputException>(() => run.Teach(Lesson("known", 2)));
        var unknown = await Assert.ThrowsAsync<InvalidInputException>(() => run.TakeBack("nothing"));
        var nobody = await Assert.ThrowsAsync<InvalidInputException>(() =>
            cluster.Grains.GetGrain<IExperimentGrain>("stranger").Teach(Lesson("known", 1))
        );
        var done = await End(run);
        var over = await Assert.ThrowsAsync<InvalidInputException>(() => run.Teach(Lesson("late", 1)));

        Assert.Equal((true, ""), (anonymous.IsNew, anonymous.Lesson.Who));
        Assert.Equal("The lesson for the run 'strict' cannot be taken: its label is 5, expected 0 to 4.", label.Message);
        Assert.Equal("The lesson for the run 'strict' cannot be taken: it has 63 pixels, expected 64.", size.Message);
        Assert.Equal(
            "The run 'strict' was taught another picture or label under the id 'known', expected a new id for a new lesson.",
            other.Message
        );
        Assert.Equal("The run 'strict' was taught no lesson of this id.", unknown.Message);
        Assert.Equal("There is no run named 'stranger'.", nobody.Message);
        Assert.Equal("The run 'strict' is done, expected one that trains: only then can it be taught.", over.Message);
        Assert.Equal(Reference(_spec, await run.Lessons(0)), done.StateHash);
    }

    [Fact]
    public async Task A_journal_makes_the_same_run_again_on_other_silos_and_one_that_does_not_fit_is_refused()
    {
        IReadOnlyList<Lesson> journal;
        string? hash;
        await using (var cluster = await EmbeddedCluster.Start(1, _folder["cache"], _folder["one"]))
        {
            var run = cluster.Grains.GetGrain<IExperimentGrain>("taught");
            await run.Start(new RunRequest(_spec));
            await run.Teach(Lesson("first", 3));
            await run.Teach(Lesson("second", 4));
            await run.TakeBack("first");
            (hash, journal) = ((await End(run)).StateHash, await run.Lessons(0));
        }

        var read = LessonJournal.ReadLines(LessonJournal.WriteLines(journal), "lessons.jsonl");
        await using var others = await EmbeddedCluster.Start(2, _folder["cache"], _folder["two"]);
        var repeated = others.Grains.GetGrain<IExperimentGrain>("repeated");
        await repeated.Start(new RunRequest(_spec) { Lessons = read });
        var refused = await Assert.ThrowsAsync<InvalidInputException>(() =>
            others
                .Grains.GetGrain<IExperimentGrain>("refused")
                .Start(new RunRequest(_spec) { Lessons = [read[0] with { Pixels = new byte[64] }] })
        );

        Assert.Equal(hash, (await End(repeated)).StateHash);
        Assert.Equal(
            "The journal of lessons: the lesson 'first' cannot be used: its picture has not the SHA-256 that it says.",
            refused.Message
        );
    }

    public void Dispose() => _folder.Dispose();

    private ExperimentSpec Of(string recipe) =>
        recipe switch
        {
            "topDown" => _spec with
            {
                Epochs = 6,
                TopDown = new TopDownSpec
                {
                    Iterations = 3,
                    TestFirst = 2,
                    TestLast = 3,
                },
                Evaluation = new EvaluationSpec { FastEvery = 5, GoodnessEvery = 0 },
            },
            "unsupervised" => _spec with { Negatives = new NegativesSpec { Kind = NegativesKind.Hybrid } },
            _ => _spec,
        };

    // A sign that no class of the data has.
    private static Lesson Lesson(string id, int label)
    {
        var pixels = new byte[64];
        for (var i = 0; i < 8; i++)
        {
            pixels[(i * 8) + i] = pixels[(i * 8) + (label % 8)] = 255;
        }

        return new Lesson(id, pixels, label) { Who = "a test" };
    }

    private static async Task<RunStatus> End(IExperimentGrain run)
    {
        var status = await run.Status();
        for (long next = 0; !status.IsOver; )
        {
            var news = await run.Watch(next);
            (status, next) = (news.Status, next + news.Events.Count);
        }

        Assert.True(status.State == RunState.Done, status.Error);
        return status;
    }

    private string Reference(ExperimentSpec spec, IReadOnlyList<Lesson> journal)
    {
        var lessons = new SourceLessons(spec, long.MaxValue, journal).Schedule;
        using var reference = new SequentialTrainer(spec, _data, new WorkerPool(1), lessons);
        return reference.Run().Hash;
    }
}
