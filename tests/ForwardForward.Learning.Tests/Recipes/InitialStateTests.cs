using ForwardForward.Learning.Checkpoints;
using ForwardForward.Learning.Exactness;
using ForwardForward.Learning.Recipes;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tensors;
using ForwardForward.Learning.Tests.Convolutions;
using ForwardForward.Learning.Tests.Data;

namespace ForwardForward.Learning.Tests.Recipes;

/// <summary>Runs that train on from the whole state of another one.</summary>
public sealed class InitialStateTests : IDisposable
{
    private const int Epochs = 2;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Kinds =>
        ["supervised", "adam", "sharded", "replicated", "topDown", "backpropagation", .. Convolutional];

    private static IEnumerable<string> Convolutional => TinyConvolutions.ByName.Keys;

    [Theory]
    [MemberData(nameof(Kinds))]
    public void It_begins_with_every_tensor_that_the_other_run_ended_with(string kind)
    {
        var spec = Spec(kind);
        var (ended, file) = Trained(spec);

        using var trainer = new SequentialTrainer(On(spec, file), TinyRun.Data, WorkerPool.One);

        Assert.Equal(ended, StateHash.OfRun(trainer.Digests()));
    }

    [Fact]
    public void It_draws_what_the_other_run_has_not_drawn()
    {
        var spec = TinyRun.Spec() with { Start = new StartSpec { Epochs = Epochs } };

        int[] Order(ExperimentSpec of, int epoch)
        {
            var plan = new SlotPlan(of, TinyRun.Data.Train.Count, TinyRun.Data.Test.Count, TinyRun.Data.Classes);
            var pictures = new SlotPictures(of, plan, TinyRun.Data, haveLabels: true);
            return
            [
                .. Enumerable
                    .Range(0, plan.BatchesPerEpoch * of.BatchSize)
                    .Select(i => pictures.Image(((long)epoch * plan.BatchesPerEpoch) + (i / of.BatchSize), i % of.BatchSize)),
            ];
        }

        var before = Enumerable.Range(0, spec.Epochs).Select(epoch => Order(TinyRun.Spec(), epoch)).ToList();
        var after = Order(spec, 0);

        Assert.Equal(Enumerable.Range(0, after.Length), after.Order());
        Assert.All(before, order => Assert.NotEqual(order, after));
        Assert.Equal(TinyRun.Spec().Seed, TinyRun.Spec().DrawSeed);
        Assert.NotEqual(spec.Seed, spec.DrawSeed);
    }

    [Fact]
    public void Adams_moments_count_on()
    {
        var spec = Spec("adam") with { Epochs = 1 };
        var (_, file) = Trained(spec);

        var on = TinyRun.Train(On(spec, file)).Hash;
        var anew = TinyRun
            .Train(
                On(spec, file) with
                {
                    Start = new StartSpec { State = file },
                    Seed = On(spec, file).DrawSeed,
                }
            )
            .Hash;

        Assert.NotEqual(on, anew); // the same draws, but the first update's corrections
    }

    [Fact]
    public void The_state_of_another_network_is_refused_in_a_sentence()
    {
        var (_, file) = Trained(Spec("supervised"));
        var wider = On(Spec("supervised"), file) with { Layers = [32, 25] };

        Assert.Equal(
            $"{file} has no tensor 'stages.1.weights' of 25 x 32: it is the state of another network.",
            Assert.Throws<InvalidInputException>(() => InitialState.Check(wider, TinyRun.Data)).Message
        );
        Assert.Contains(
            "has no tensor 'stages.0.weights.first_moment'",
            Assert
                .Throws<InvalidInputException>(() =>
                    InitialState.Check(
                        On(Spec("supervised"), file) with
                        {
                            Optimizer = new OptimizerSpec { Kind = OptimizerKind.Adam },
                        },
                        TinyRun.Data
                    )
                )
                .Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_file_that_is_not_there_another_one_and_two_files_are_refused_in_a_sentence()
    {
        var (_, file) = Trained(Spec("supervised"));
        var spec = Spec("supervised");

        string Refused(StartSpec start) =>
            Assert.Throws<InvalidInputException>(() => StartFile.Resolve(spec with { Start = start })).Message;

        Assert.Equal(
            $"{file}.none does not exist, expected a run's whole state as `ff train --from` writes it.",
            Refused(new StartSpec { State = $"{file}.none" })
        );
        Assert.Equal(
            $"{file} is not the file that the spec means, expected one with the SHA-256 00.",
            Refused(new StartSpec { State = file, Sha256 = "00" })
        );
        Assert.Equal(
            "start.weights is a and start.state is b, expected one of the two to start from.",
            Refused(new StartSpec { Weights = "a", State = "b" })
        );
    }

    private static ExperimentSpec Spec(string kind)
    {
        var spec = TinyRun.Spec() with { Epochs = Epochs };
        return kind switch
        {
            "supervised" => spec,
            "adam" => spec with
            {
                Optimizer = new OptimizerSpec { Kind = OptimizerKind.Adam, LearningRate = 0.01 },
            },
            "sharded" => spec with { Shards = [2, 1] },
            "replicated" => spec with { Replicas = [2, 1] },
            "topDown" => spec with { TopDown = new TopDownSpec { Iterations = 5 } },
            "backpropagation" => spec with { Backpropagation = new BackpropagationSpec { Network = NetworkKind.Perceptron } },
            _ => TinyConvolutions.ByName[kind] with { Epochs = 1 },
        };
    }

    private static ExperimentSpec On(ExperimentSpec spec, string file) =>
        spec with
        {
            Start = new StartSpec { State = file, Epochs = spec.Epochs },
        };

    private (string Hash, string File) Trained(ExperimentSpec spec)
    {
        using var trainer = new SequentialTrainer(spec, TinyRun.Data, WorkerPool.One);
        IReadOnlyList<IReadOnlyList<StateTensor>>? state = null;
        trainer.SlotDone += slot => state = trainer.Plan.IsLastTraining(slot) ? trainer.SnapshotAfter(slot) : state;
        var hash = trainer.Run().Hash;
        var file = Path.Combine(_folder.Root, "state.safetensors");
        WholeFile.Replace(file, Safetensors.Write(InitialState.File(state!), new Dictionary<string, string>()));
        return (hash, file);
    }
}
