using ForwardForward.Learning.Checkpoints;
using ForwardForward.Learning.Networks;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tensors;
using ForwardForward.Learning.Tests.Data;

namespace ForwardForward.Learning.Tests;

public sealed class FFNetworkTests
{
    private const double Chance = 0.75; // four classes
    private static readonly LabelledRows Train = LabelledRows.Of(TinyRun.Data.Train);
    private static readonly LabelledRows Test = LabelledRows.Of(TinyRun.Data.Test);

    [Fact]
    public async Task Learns_tells_of_each_epoch_and_answers_as_its_last_test_says()
    {
        using var network = Tiny();
        var epochs = await Fit(network, epochs: 5);

        Assert.Equal([1, 2, 3, 4, 5], epochs.Select(epoch => epoch.Number));
        Assert.InRange(epochs[^1].TestError!.Value, 0, Chance / 5);
        Assert.InRange(epochs[^1].TestErrorByGoodness!.Value, 0, Chance);
        Assert.Equal([1, 2], epochs[^1].Layers.Select(layer => layer.Layer));
        Assert.Equal(epochs[^1].TestError, network.Evaluate(Test));
        var image = TinyRun.Data.Test.Pixels.AsSpan(0, 64);
        var probabilities = network.Classify(image);
        Assert.Equal(1, probabilities.Sum(), 1e-5);
        Assert.Equal(Array.IndexOf(probabilities, probabilities.Max()), network.Predict(image));
    }

    [Fact]
    public async Task Ends_in_the_bytes_of_the_sequential_trainer_every_time_on_any_number_of_threads()
    {
        var spec = TinyRun.Spec() with { Epochs = 2 };
        var reference = TinyRun.Train(spec).Hash;

        foreach (var threads in new[] { 1, 2 })
        {
            using var network = Tiny(options => options.Threads = threads);
            await Fit(network, epochs: 2);
            Assert.Equal(reference, network.StateHash);
        }
    }

    [Fact]
    public async Task Rows_of_floats_are_what_the_same_pixels_are()
    {
        float[][] rows = [.. TinyRun.Data.Train.Pixels.Chunk(64).Select(image => Array.ConvertAll(image, pixel => pixel / 255f))];
        using var network = Tiny();
        await Fit(network, train: LabelledRows.Of(rows, Array.ConvertAll(TinyRun.Data.Train.Labels, label => (int)label)));

        Assert.Equal(TinyRun.Train(TinyRun.Spec() with { Epochs = 1 }).Hash, network.StateHash);
        Assert.Equal(network.Classify(TinyRun.Data.Train.Pixels.AsSpan(0, 64)), network.Classify(rows[0]));
    }

    [Fact]
    public async Task Rows_may_be_of_any_width_and_need_no_test()
    {
        var random = new Random(1);
        float[][] rows = [.. Enumerable.Range(0, 60).Select(i => new[] { 0, 0, 0, i % 3 / 2f, random.NextSingle() / 4 })];
        using var network = FFNetwork.Create(
            5,
            3,
            [17, 19],
            options => (options.BatchSize, options.LearningRate, options.Precision) = (10, 0.1, "fp32")
        );
        var data = LabelledRows.Of(rows, [.. Enumerable.Range(0, 60).Select(i => i % 3)]);
        await foreach (var epoch in network.FitAsync(data, epochs: 40))
        {
            Assert.Null(epoch.TestError);
        }

        Assert.InRange(network.Evaluate(data), 0, 0.1);
    }

    [Fact]
    public async Task A_file_of_it_answers_as_it_did_and_knows_what_it_is()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Root, "mine.safetensors");
        using var network = Tiny(options => (options.Goodness, options.ReadoutFirstLayer) = ("symba", 1));
        await Fit(network);
        network.Save(path);

        using var same = FFNetwork.Load(path);
        Assert.Equal((64, 4, "fp32", network.StateHash), (same.Features, same.Classes, same.Precision, same.StateHash));
        Assert.Equal(network.Layers, same.Layers);
        Assert.Equal(network.Classify(Test), same.Classify(Test));
    }

    [Fact]
    public async Task A_file_of_it_shows_its_tensors_and_its_spec()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Root, "mine.safetensors");
        using var network = Tiny();
        await Fit(network);
        network.Save(path);

        var file = NetworkFile.Read(path);
        Assert.Equal(
            ["layers.0.weight", "layers.0.bias", "layers.1.weight", "layers.1.bias", "readout.weight"],
            file.Tensors.Select(tensor => tensor.Name)
        );
        Assert.All(file.Tensors, tensor => Assert.Equal(tensor.Rows * tensor.Columns, tensor.ToFloats().Length));
        Assert.Equal(network.Layers, SpecReader.Parse(file.Metadata["spec"], path).Layers);
    }

    [Fact]
    public async Task A_second_fit_begins_with_the_weights_of_the_first_as_one_from_a_file_does()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Root, "mine.safetensors");
        using var network = Tiny();
        await Fit(network);
        network.Save(path);
        using var loaded = FFNetwork.Load(path);
        await Fit(network);
        await Fit(loaded);
        var imported = TinyRun.Train(
            TinyRun.Spec() with
            {
                Epochs = 1,
                Start = new StartSpec { Weights = path },
            }
        );

        Assert.Equal((imported.Hash, imported.Hash), (network.StateHash, loaded.StateHash));
    }

    [Fact]
    public async Task A_fit_that_is_cancelled_leaves_what_it_has_learned()
    {
        using var network = Tiny();
        using var cancellation = new CancellationTokenSource();
        await Assert.ThrowsAsync<OperationCanceledException>(async () =>
        {
            await foreach (var epoch in network.FitAsync(Train, Test, epochs: 1000, cancellation: cancellation.Token))
            {
                if (epoch.Number == 3)
                {
                    await cancellation.CancelAsync();
                }
            }
        });

        Assert.InRange(network.Evaluate(Test), 0, Chance / 2);
        Assert.Null(network.StateHash);
        await Fit(network);
        Assert.NotNull(network.StateHash);
    }

    [Fact]
    public async Task A_fit_whose_epochs_nobody_takes_any_more_is_over()
    {
        using var network = Tiny();
        await foreach (var epoch in network.FitAsync(Train, Test))
        {
            Assert.Throws<InvalidOperationException>(() => Fit(network).GetAwaiter().GetResult());
            Assert.Equal(epoch.TestError, network.Evaluate(Test));
            break;
        }

        await Fit(network);
    }

    [Theory]
    [InlineData("LearningRate is -1, expected 0 to 10.", -1.0, "sumOfSquares", "auto")]
    [InlineData("LearningRate is NaN, expected 0 to 10.", double.NaN, "sumOfSquares", "auto")]
    [InlineData("did you mean 'symba'?", 0.1, "simba", "auto")]
    [InlineData("precision is \"fp8\", expected one of auto, fp32, bf16", 0.1, "symba", "fp8")]
    public void Options_that_cannot_be_are_refused_with_a_sentence(string sentence, double rate, string goodness, string precision)
    {
        var refused = Assert.Throws<InvalidInputException>(() =>
            FFNetwork.Create(
                64,
                4,
                [32],
                options => (options.LearningRate, options.Goodness, options.Precision) = (rate, goodness, precision)
            )
        );
        Assert.Contains(sentence, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_does_not_fit_is_refused_with_a_sentence()
    {
        using var network = Tiny();

        Refused("classes and as many features or more", () => FFNetwork.Create(3, 4, [32]));
        Refused("expected a list of 1 to 64 whole numbers", () => FFNetwork.Create(64, 4, []));
        Refused(
            "rows[1] has 2 values, expected 1",
            () =>
                LabelledRows.Of(
                    [
                        [0],
                        [0, 0],
                    ],
                    [0, 0]
                )
        );
        Refused(
            "row 1 has the value NaN at position 0",
            () =>
                LabelledRows.Of(
                    [
                        [0],
                        [float.NaN],
                    ],
                    [0, 0]
                )
        );
        Refused(
            "row 0 has the value 1.5 at position 1",
            () =>
                LabelledRows.Of(
                    [
                        [0, 1.5f],
                    ],
                    [0]
                )
        );
        Refused(
            "labels[0] is 255, expected a class from 0 to 254",
            () =>
                LabelledRows.Of(
                    [
                        [0],
                    ],
                    [255]
                )
        );
        Refused("no rows", () => LabelledRows.Of([], []));
        Refused(
            "have 2 values each, expected 64",
            () =>
                network.FitAsync(
                    LabelledRows.Of(
                        [
                            [0, 0],
                        ],
                        [0]
                    )
                )
        );
        Refused("have the label 4 at 0, expected labels from 0 to 3", () => network.FitAsync(LabelledRows.Of(new float[64], 64, [4])));
        Refused("epochs is 0, expected a whole number from 1", () => network.FitAsync(Train, epochs: 0));
        var small = await Assert.ThrowsAsync<InvalidInputException>(() => Fit(network, train: Train.First(5)));
        Assert.Contains("batchSize: 10 is larger than the data set's 5 training images", small.Message, StringComparison.Ordinal);
        var early = Assert.Throws<InvalidOperationException>(() => network.Predict(new float[64]));
        Assert.Contains("learned nothing yet", early.Message, StringComparison.Ordinal);

        static void Refused(string sentence, Func<object> call) =>
            Assert.Contains(sentence, Assert.Throws<InvalidInputException>(call).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_that_are_no_networks_are_refused_with_a_sentence()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Root, "other.safetensors");
        Refused("does not exist, expected a network's file");
        File.WriteAllText(path, "no weights at all");
        Refused("claims a header");
        Write(new Dictionary<string, string> { ["format"] = "pt" });
        Refused("has weights and no 'spec' that says how they are used");
        Write(new Dictionary<string, string> { ["spec"] = SpecReader.Write(TinyRun.Spec()) });
        Refused("has no tensor 'layers.0.weight'");

        void Refused(string sentence) =>
            Assert.Contains(sentence, Assert.Throws<InvalidInputException>(() => FFNetwork.Load(path)).Message, StringComparison.Ordinal);

        void Write(Dictionary<string, string> metadata) =>
            WholeFile.Replace(path, Safetensors.Write([StateTensor.Of("w", 1, [1f])], metadata));
    }

    private static FFNetwork Tiny(Action<FFNetworkOptions>? more = null) =>
        FFNetwork.Create(
            64,
            4,
            [32, 24],
            options =>
            {
                options.BatchSize = 10;
                options.LearningRate = 0.1;
                options.Lag = 3;
                options.Precision = "fp32";
                more?.Invoke(options);
            }
        );

    private static async Task<List<FFEpoch>> Fit(FFNetwork network, int epochs = 1, LabelledRows? train = null)
    {
        var done = new List<FFEpoch>();
        await foreach (var epoch in network.FitAsync(train ?? Train, Test, epochs))
        {
            done.Add(epoch);
        }

        return done;
    }
}
