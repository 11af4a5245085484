using ForwardForward.Chaos;
using ForwardForward.Contracts.Experiments;
using ForwardForward.Experiments.Data;
using ForwardForward.Learning;
using ForwardForward.Learning.Checkpoints;
using ForwardForward.Learning.Data;
using ForwardForward.Learning.Native;
using ForwardForward.Learning.Plugins;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tensors;
using ForwardForward.Learning.Tests.Data;
using ForwardForward.Runtime.Hosting;
using Orleans.Configuration;

namespace ForwardForward.Runtime.Tests.Parity;

/// <summary>The promise of the project: the same bytes, however a run is spread.</summary>
public sealed class ParityTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ExperimentSpec _small;

    public ParityTests()
    {
        LibTorch.EnsureLoaded();
        _small = new ExperimentSpec
        {
            Dataset = TinyIdx.Write(_folder["data"], train: 400, test: 60, side: 8, classes: 5),
            Layers = [50, 70, 71],
            Epochs = 3,
            BatchSize = 20,
            Negatives = new NegativesSpec { Lag = 6 },
            Evaluation = new EvaluationSpec { FastEvery = 1, GoodnessEvery = 2 },
        };
    }

    [Theory]
    [InlineData(Precision.Fp32, NegativesKind.Hard)]
    [InlineData(Precision.Bf16, NegativesKind.Hard)]
    [InlineData(Precision.Fp32, NegativesKind.Random)]
    [InlineData(Precision.Bf16, NegativesKind.Random)]
    [InlineData(Precision.Portable, NegativesKind.Hard)]
    public async Task One_silo_and_three_silos_end_in_the_bytes_of_the_reference_twice_in_a_row(Precision precision, string negatives)
    {
        var spec = _small with { Precision = precision, Negatives = _small.Negatives with { Kind = negatives } };
        var reference = Reference(spec);
        foreach (var silos in new[] { 1, 3 })
        {
            await using var cluster = await EmbeddedCluster.Start(silos, _folder["cache"], _folder["checkpoints"]);
            foreach (var run in new[] { "first", "second" })
            {
                var (status, events) = await Follow(cluster, run, spec);
                Assert.Equal((RunState.Done, reference.Hash), (status.State, status.StateHash));
                Assert.Equal(reference.Evaluation, status.LastEvaluation);
                Assert.Equal(Math.Min(silos, 3), status.Plan.Select(p => p.Silo).Distinct().Count());
                Assert.Equal(status.Slots, status.Slot);
                Assert.Equal(Enumerable.Range(0, events.Count).Select(i => (long)i), events.Select(e => e.Sequence));
                Assert.Equal(3 * 10 * spec.Epochs, events.Count(e => e.Layer is not null));
            }
        }
    }

    [Theory]
    [InlineData(Precision.Fp32, NegativesKind.Hybrid)]
    [InlineData(Precision.Bf16, NegativesKind.Hybrid)]
    [InlineData(Precision.Bf16, NegativesKind.Hard)]
    [InlineData(Precision.Portable, NegativesKind.Hybrid)]
    public async Task Without_labels_and_with_everything_drawn_at_random_the_bytes_are_those_of_the_reference_too(
        Precision precision,
        string negatives
    )
    {
        var spec = _small with
        {
            Precision = precision,
            Negatives = _small.Negatives with { Kind = negatives },
            Regularization = new RegularizationSpec { Dropout = 0.2, InputDropout = 0.1 },
            Augmentation = new AugmentationSpec { Shift = 1 },
            PermutePixels = true,
            HoldOut = 50,
        };
        await using var cluster = await EmbeddedCluster.Start(3, _folder["cache"], _folder["checkpoints"]);

        var (status, _) = await Follow(cluster, "drawn", spec);

        var reference = Reference(spec);
        Assert.Equal((RunState.Done, reference.Hash, reference.Evaluation), (status.State, status.StateHash, status.LastEvaluation));
        Assert.Equal(
            (350, 50, negatives == NegativesKind.Hybrid),
            (status.Data!.TrainImages, status.Data.TestImages, status.LastEvaluation!.ErrorGoodness is null)
        );
    }

    [Theory]
    [InlineData(Precision.Fp32, NegativesKind.Hard, 1, 1)]
    [InlineData(Precision.Bf16, NegativesKind.Hard, 3, 3)]
    [InlineData(Precision.Bf16, NegativesKind.Hard, 7, 1)] // 20 batches an epoch: the last group is smaller
    [InlineData(Precision.Bf16, NegativesKind.Random, 4, 1)]
    [InlineData(Precision.Portable, NegativesKind.Hard, 3, 3)]
    public async Task With_signals_from_above_the_bytes_are_those_of_the_reference_too(
        Precision precision,
        string negatives,
        int interleaved,
        int learnFirst
    )
    {
        var spec = _small with
        {
            Precision = precision,
            TopDown = new TopDownSpec
            {
                Iterations = 6,
                Interleaved = interleaved,
                LearnFirst = learnFirst,
                LabelStrength = learnFirst,
            },
            Negatives = _small.Negatives with { Kind = negatives },
            Regularization = new RegularizationSpec { Dropout = 0.1 },
            Checkpoint = new CheckpointSpec { EverySlots = 50 },
        };
        var reference = Reference(spec);
        foreach (var silos in new[] { 1, 3 })
        {
            await using var cluster = await EmbeddedCluster.Start(silos, _folder["cache"], _folder["checkpoints"]);
            var (status, events) = await Follow(cluster, $"from-above-{silos}", spec);
            Assert.Equal((RunState.Done, reference.Hash, reference.Evaluation), (status.State, status.StateHash, status.LastEvaluation));
            Assert.Equal(3 * 10 * spec.Epochs, events.Count(e => e.Layer is not null));
        }
    }

    [Theory]
    [InlineData(NegativesKind.Hybrid, 0)]
    [InlineData(NegativesKind.Hard, 5)]
    public async Task Where_units_see_squares_of_what_is_below_the_bytes_are_those_of_the_reference_too(string negatives, int iterations)
    {
        var spec = _small with
        {
            Layers = [90, 40, 7],
            Local = new LocalSpec
            {
                Grid = [3, 2, 1],
                Size = 4,
                Stride = 2,
            },
            TopDown = new TopDownSpec { Iterations = iterations },
            Precision = Precision.Bf16,
            Negatives = _small.Negatives with { Kind = negatives },
            Readout = new ReadoutSpec
            {
                FirstLayer = 1,
                LastLayer = 2,
                Place = 2,
            },
        };
        await using var cluster = await EmbeddedCluster.Start(3, _folder["cache"], _folder["checkpoints"]);

        var (status, _) = await Follow(cluster, "local", spec);

        var reference = Reference(spec);
        Assert.Equal((RunState.Done, reference.Hash, reference.Evaluation), (status.State, status.StateHash, status.LastEvaluation));
    }

    [Theory]
    [InlineData(Precision.Fp32, new[] { 2, 5, 1 }, new[] { 1, 1, 1 })]
    [InlineData(Precision.Bf16, new[] { 1, 7, 1 }, new[] { 1, 1, 1 })]
    [InlineData(Precision.Fp32, new[] { 1, 1, 1 }, new[] { 2, 4, 1 })]
    [InlineData(Precision.Bf16, new[] { 1, 2, 1 }, new[] { 1, 1, 5 })]
    public async Task Layers_of_several_stages_end_in_the_bytes_of_the_reference_wherever_they_are(
        Precision precision,
        int[] shards,
        int[] replicas
    )
    {
        var spec = _small with
        {
            Precision = precision,
            Shards = shards,
            Replicas = replicas,
            Regularization = new RegularizationSpec { Dropout = 0.1 },
            Checkpoint = new CheckpointSpec { EverySlots = 20 },
        };
        var reference = Reference(spec);
        foreach (var silos in new[] { 1, 3 })
        {
            await using var cluster = await EmbeddedCluster.Start(silos, _folder["cache"], _folder["checkpoints"]);
            var (status, events) = await Follow(cluster, $"split-{silos}", spec);
            Assert.Equal((RunState.Done, reference.Hash, reference.Evaluation), (status.State, status.StateHash, status.LastEvaluation));
            Assert.Equal(
                shards.SelectMany((count, layer) => Enumerable.Repeat(layer + 1, count * replicas[layer])),
                status.Plan.Select(place => place.Layer)
            );
            Assert.Equal(silos, status.Plan.Select(place => place.Silo).Distinct().Count());
            Assert.Equal(3 * 10 * spec.Epochs, events.Count(e => e.Layer is not null));
        }

        Assert.NotEqual(Reference(spec with { Shards = [], Replicas = [] }).Hash, reference.Hash);
    }

    [Theory]
    [InlineData(NetworkKind.Perceptron)]
    [InlineData(NetworkKind.Convolutional)]
    public async Task A_network_that_learns_by_backpropagation_is_one_stage_and_ends_in_the_bytes_of_the_reference(string network)
    {
        var spec = _small with
        {
            Layers = [6, 10, 30],
            Backpropagation = new BackpropagationSpec { Network = network, LabelSmoothing = 0.1 },
            Regularization = new RegularizationSpec { Dropout = 0.3, InputDropout = 0.1 },
        };
        await using var cluster = await EmbeddedCluster.Start(3, _folder["cache"], _folder["checkpoints"]);

        var (status, events) = await Follow(cluster, "whole", spec);

        var reference = Reference(spec with { Precision = Precision.Fp32 });
        Assert.True(status.State == RunState.Done, status.Error);
        Assert.Equal((RunState.Done, reference.Hash, reference.Evaluation), (status.State, status.StateHash, status.LastEvaluation));
        Assert.Equal((1, Precision.Fp32), (status.Plan.Count, status.Spec.Precision));
        Assert.Equal(10 * spec.Epochs, events.Count(e => e.Layer is not null));
    }

    [Theory]
    [InlineData(ChannelGoodness.MeanOfSquares, ChannelNormalization.Batch, Pooling.Maximum, Precision.Auto)]
    [InlineData(ChannelGoodness.Mean, ChannelNormalization.Group, Pooling.Average, Precision.Auto)]
    [InlineData(ChannelGoodness.Assigned, ChannelNormalization.Instance, Pooling.None, Precision.Auto)]
    [InlineData(ChannelGoodness.MeanOfSquares, ChannelNormalization.Batch, Pooling.Maximum, Precision.Portable)]
    [InlineData(ChannelGoodness.Assigned, ChannelNormalization.Instance, Pooling.Average, Precision.Portable)]
    public async Task Convolutional_layers_end_in_the_bytes_of_the_reference_wherever_they_are(
        string goodness,
        string normalization,
        string pool,
        Precision precision
    )
    {
        ConvolutionLayerSpec layer = new() { Goodness = goodness, Normalization = normalization };
        var isOfPictures = normalization != ChannelNormalization.Batch;
        var spec = _small with
        {
            Precision = precision,
            Goodness = new GoodnessSpec { Contrast = isOfPictures ? 0.5 : 0, ContrastFeatures = 8 },
            Optimizer = _small.Optimizer with { Clip = isOfPictures ? 0.5 : 0 },
            Readout = _small.Readout with { Input = isOfPictures ? ReadoutInputs.Activity : ReadoutInputs.Auto },
            Layers = [10, 20, 20, 10],
            Convolutions =
            [
                layer,
                layer with
                {
                    Groups = 5,
                    Pool = pool,
                },
                layer with
                {
                    Kernel = 5,
                    Bias = false,
                    ShortcutFrom = 1,
                    Shortcut = ShortcutKind.Concatenate,
                },
                layer,
            ],
            Images = new ImagesSpec { Scaling = PictureScaling.Standard },
            Regularization = new RegularizationSpec { Dropout = 0.1 },
            Augmentation = new AugmentationSpec
            {
                Shift = 1,
                Flip = 0.5,
                Rotate = 20,
                Zoom = 0.2,
                Crop = 0.5,
            },
            Checkpoint = new CheckpointSpec { EverySlots = 10 },
        };
        var reference = Reference(precision == Precision.Auto ? spec with { Precision = Precision.Fp32 } : spec);
        foreach (var silos in new[] { 1, 3 })
        {
            await using var cluster = await EmbeddedCluster.Start(silos, _folder["cache"], _folder["checkpoints"]);

            var (status, events) = await Follow(cluster, $"convolves-{silos}", spec);

            Assert.True(status.State == RunState.Done, status.Error);
            Assert.Equal((reference.Hash, reference.Evaluation), (status.StateHash, status.LastEvaluation));
            Assert.Equal(4, status.Plan.Count);
            Assert.InRange(status.Plan.Select(place => place.Silo).Distinct().Count(), Math.Min(silos, 2), silos); // by their costs
            Assert.Equal(4 * 10 * spec.Epochs, events.Count(e => e.Layer is not null));
        }
    }

    [Theory]
    [InlineData(Precision.Fp32, NegativesKind.Hard)]
    [InlineData(Precision.Bf16, NegativesKind.Random)]
    public async Task Checkpoints_change_no_bit_and_the_last_two_are_kept_whole(Precision precision, string negatives)
    {
        var spec = _small with
        {
            Precision = precision,
            Negatives = _small.Negatives with { Kind = negatives },
            Checkpoint = new CheckpointSpec { EverySlots = 10 },
        };
        await using var cluster = await EmbeddedCluster.Start(2, _folder["cache"], _folder["checkpoints"]);
        var (status, _) = await Follow(cluster, "keeps", spec);
        Assert.Equal(
            (RunState.Done, Reference(_small with { Precision = precision, Negatives = spec.Negatives }).Hash),
            (status.State, status.StateHash)
        );

        var latest = new CheckpointFolder(_folder["checkpoints"], "reader")
            .Latest(SpecReader.Write(status.Spec), status.Fingerprint)
            .Latest!;
        Assert.Equal(latest.Slot, status.LastCheckpointSlot);
        Assert.Equal(
            ["layer-1.safetensors", "layer-2.safetensors", "layer-3.safetensors", "readout.safetensors"],
            latest.Files.Select(file => file.Name).Order()
        );
        Assert.Equal(2, Directory.GetDirectories(_folder["checkpoints"]).Length);
    }

    [Fact]
    public async Task Where_every_silo_has_a_folder_of_its_own_the_last_two_checkpoints_are_whole_without_any_one_of_them()
    {
        const int Silos = 3;
        var spec = _small with
        {
            Precision = Precision.Fp32,
            Checkpoint = new CheckpointSpec { EverySlots = 10 },
        };
        await using var cluster = await EmbeddedCluster.Start(Silos, _folder["cache"], _folder["checkpoints"], sharesCheckpoints: false);
        var (status, _) = await Follow(cluster, "keeps", spec);
        Assert.Equal((RunState.Done, Reference(_small with { Precision = Precision.Fp32 }).Hash), (status.State, status.StateHash));

        for (var lost = 1; lost <= Silos; lost++)
        {
            var left = Enumerable
                .Range(1, Silos)
                .Where(silo => silo != lost)
                .Select(silo => new CheckpointFolder(_folder[$"checkpoints/silo-{silo}"], "reader"))
                .ToList();
            var manifests = left.SelectMany(folder => folder.Listing(SpecReader.Write(status.Spec), status.Fingerprint).Manifests)
                .DistinctBy(manifest => manifest.Id)
                .ToList();
            Assert.Equal((2, status.LastCheckpointSlot), (manifests.Count, manifests.Max(manifest => manifest.Slot)));
            Assert.All(
                manifests,
                manifest =>
                    Assert.Equal(
                        manifest.Files.Select(file => file.Name),
                        manifest
                            .Files.Select(file => file.Name)
                            .Where(name => left.Exists(folder => folder.Held(manifest).Whole.Contains(name)))
                    )
            );
        }
    }

    [Fact]
    public async Task Two_runs_at_once_do_not_mix()
    {
        await using var cluster = await EmbeddedCluster.Start(2, _folder["cache"], _folder["checkpoints"]);
        var specs = new[]
        {
            _small with
            {
                Precision = Precision.Fp32,
            },
            _small with
            {
                Precision = Precision.Bf16,
                Seed = 2,
                Layers = [30, 30],
            },
        };
        var runs = await Task.WhenAll(specs.Select((spec, i) => Follow(cluster, $"run-{i}", spec)));
        Assert.Equal(specs.Select(spec => Reference(spec).Hash), runs.Select(run => run.Status.StateHash));
    }

    [Theory]
    [InlineData(Precision.Fp32, new[] { 1, 1 }, new[] { 1, 1 }, 0)]
    [InlineData(Precision.Bf16, new[] { 2, 1 }, new[] { 1, 2 }, 0)]
    [InlineData(Precision.Fp32, new[] { 1, 1 }, new[] { 1, 1 }, 6)]
    public async Task Slots_and_sums_and_signals_larger_than_a_message_pass_between_silos_and_end_in_the_bytes_of_the_reference(
        Precision precision,
        int[] shards,
        int[] replicas,
        int iterations
    )
    {
        const int MaxBytes = 200_000; // a slot has up to 300 rows of 600 units
        var spec = _small with
        {
            Layers = [600, 600],
            BatchSize = 100,
            Epochs = 1,
            Precision = precision,
            Shards = shards,
            Replicas = replicas,
            TopDown = new TopDownSpec { Iterations = iterations },
        };
        await using var cluster = await EmbeddedCluster.Start(
            2,
            _folder["cache"],
            _folder["checkpoints"],
            also: silo => silo.Configure<SiloMessagingOptions>(options => options.MaxMessageBodySize = MaxBytes)
        );

        var (status, _) = await Follow(cluster, "large", spec);

        var reference = Reference(spec);
        Assert.Equal((RunState.Done, reference.Hash, 0), (status.State, status.StateHash, status.Recoveries));
        Assert.Equal(2, status.Plan.Select(place => place.Silo).Distinct().Count());
    }

    [Fact]
    public async Task What_diverges_ends_the_run_at_once_with_the_sentence_of_the_reference_wherever_it_does()
    {
        var fast = _small with
        {
            Precision = Precision.Fp32,
            Optimizer = new OptimizerSpec { LearningRate = 10, WeightDecay = 1 },
            Epochs = 50,
            Checkpoint = new CheckpointSpec { EverySlots = 5 },
        };
        var (layer, network) = (
            "^Layer [123] has diverged at slot [0-9]+: .* lower optimizer.learningRate \\(10\\)\\.$",
            "^The network has diverged at slot [0-9]+: "
        );
        (ExperimentSpec Spec, string Sentence)[] kinds =
        [
            (fast, layer),
            (
                fast with
                {
                    Precision = Precision.Bf16,
                    Negatives = new NegativesSpec { Kind = NegativesKind.Hybrid },
                },
                layer
            ),
            (fast with { Shards = [2, 2, 1] }, layer),
            (fast with { Replicas = [2, 2, 1] }, layer),
            (fast with { TopDown = new TopDownSpec { Iterations = 6 } }, layer),
            (fast with { Backpropagation = new BackpropagationSpec { Network = NetworkKind.Perceptron } }, network),
            (
                _small with
                {
                    Precision = Precision.Fp32,
                    Readout = new ReadoutSpec { LearningRate = 10, WeightDecay = 1 },
                    Epochs = 100,
                },
                "^The readout has diverged at slot [0-9]+: .* lower readout.learningRate \\(10\\)\\.$"
            ),
        ];
        await using var cluster = await EmbeddedCluster.Start(2, _folder["cache"], _folder["checkpoints"]);
        foreach (var ((spec, sentence), i) in kinds.Select((kind, i) => (kind, i)))
        {
            var reference = Assert.Throws<DivergedException>(() => Reference(spec)).Message;
            var (status, _) = await Follow(cluster, $"diverges-{i}", spec);
            Assert.Matches(sentence, reference);
            Assert.Equal((RunState.Failed, reference, 0), (status.State, status.Error, status.Recoveries));
        }
    }

    [Fact]
    public async Task A_plug_in_that_throws_ends_its_run_at_once_with_a_sentence_that_names_it_and_the_silo_and_no_other()
    {
        PluginSet.Load(Path.Combine(AppContext.BaseDirectory, "plugins", "ForwardForward.FragilePart.dll"));
        var spec = SpecPlugins.Resolve(
            _small with
            {
                Precision = Precision.Fp32,
                Goodness = new GoodnessSpec { Kind = "fragile" },
            }
        );
        await using var cluster = await EmbeddedCluster.Start(2, _folder["cache"], _folder["checkpoints"]);

        var (thrown, _) = await Follow(cluster, "thrown", spec);
        var (sound, _) = await Follow(cluster, "sound", _small with { Precision = Precision.Fp32 });

        Assert.StartsWith("ForwardForward.FragilePart 0.1.0 ", spec.Plugins, StringComparison.Ordinal);
        Assert.Equal((RunState.Failed, 0), (thrown.State, thrown.Recoveries));
        Assert.Matches(
            @"^The plug-in ForwardForward\.FragilePart 0\.1\.0 \([0-9a-f]{12}\) has failed at slot \d+: it was made to, in "
                + @"the layer \d on silo-\d\.$",
            thrown.Error
        );
        Assert.Equal((RunState.Done, Reference(_small with { Precision = Precision.Fp32 }).Hash), (sound.State, sound.StateHash));
    }

    [Fact]
    public async Task A_run_whose_data_cannot_be_used_is_refused_with_the_sentence_of_the_reader()
    {
        await using var cluster = await EmbeddedCluster.Start(2, _folder["cache"], _folder["checkpoints"]);
        var experiment = cluster.Grains.GetGrain<IExperimentGrain>("no-data");
        var refused = await Assert.ThrowsAsync<InvalidInputException>(() =>
            experiment.Start(new RunRequest(_small with { TrainImages = 1_000_000 }))
        );
        Assert.StartsWith("The silo silo-1 cannot use the data: trainImages: ", refused.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<InvalidInputException>(() => experiment.Status());
        Assert.Empty(await cluster.Grains.GetGrain<IRunIndexGrain>(IRunIndexGrain.Key).Names());
    }

    [Fact]
    public async Task A_name_is_never_used_twice_and_an_unknown_run_is_said_to_be_unknown()
    {
        await using var cluster = await EmbeddedCluster.Start(1, _folder["cache"], _folder["checkpoints"]);
        await Follow(cluster, "once", _small with { Precision = Precision.Fp32, Epochs = 1 });
        var again = await Assert.ThrowsAsync<RunExistsException>(() =>
            cluster.Grains.GetGrain<IExperimentGrain>("once").Start(new RunRequest(_small))
        );
        Assert.Contains("'once' already", again.Message, StringComparison.Ordinal);
        var unknown = await Assert.ThrowsAsync<InvalidInputException>(() => cluster.Grains.GetGrain<IExperimentGrain>("never").Status());
        Assert.Contains("no run named 'never'", unknown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cancelled_run_frees_its_stages_and_leaves_the_silo_usable()
    {
        await using var cluster = await EmbeddedCluster.Start(1, _folder["cache"], _folder["checkpoints"]);
        var experiment = cluster.Grains.GetGrain<IExperimentGrain>("long");
        await experiment.Start(new RunRequest(_small with { Precision = Precision.Fp32, Epochs = 10_000 }));
        await experiment.Watch(0);
        await experiment.Cancel();
        Assert.Equal((RunState.Failed, "The run was cancelled."), ((await experiment.Status()).State, (await experiment.Status()).Error));
        var (status, _) = await Follow(cluster, "next", _small with { Precision = Precision.Fp32 });
        Assert.Equal(RunState.Done, status.State);
    }

    public void Dispose() => _folder.Dispose();

    private static TrainingResult Reference(ExperimentSpec spec)
    {
        using var trainer = new SequentialTrainer(spec, new DataSets("unused").Open(spec.Dataset).Limited(spec), WorkerPool.One);
        return trainer.Run();
    }

    private static async Task<(RunStatus Status, List<RunEvent> Events)> Follow(EmbeddedCluster cluster, string run, ExperimentSpec spec)
    {
        var experiment = cluster.Grains.GetGrain<IExperimentGrain>(run);
        await experiment.Start(new RunRequest(spec));
        var events = new List<RunEvent>();
        while (true)
        {
            var update = await experiment.Watch(events.Count);
            events.AddRange(update.Events);
            if (update.Status.IsOver)
            {
                return (update.Status, events);
            }
        }
    }
}
