using ForwardForward.Learning.Convolutions;
using ForwardForward.Learning.Layers;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tensors;
using ForwardForward.Learning.Tests.Layers;
using static ForwardForward.Learning.Tests.Layers.Comparison;
using static TorchSharp.torch;

namespace ForwardForward.Learning.Tests.Convolutions;

public sealed class ConvolutionLayerTests
{
    private const int Classes = 4;
    private const int Rows = 6;
    private static readonly byte[] Labels = [0, 1, 2, 3, 1, 0];
    private static readonly OptimizerSpec Plain = new()
    {
        LearningRate = 0,
        WeightDecay = 0,
        Momentum = 0,
    };

    public static TheoryData<string, ConvolutionLayerSpec, int[], int> Shapes =>
        new()
        {
            { "competing", TinyConvolutions.Competing, new[] { 6, 6, 3 }, 8 },
            {
                "groups and the largest of squares",
                new() { Groups = 4, Pool = Pooling.Maximum },
                new[] { 7, 5, 8 },
                20
            },
            {
                "many channels",
                new() { Kernel = 5 },
                new[] { 5, 6, 2 },
                36
            },
            { "hiding", TinyConvolutions.Hiding with { Pool = Pooling.Average }, new[] { 6, 4, 2 }, 12 },
            { "strides", TinyConvolutions.Hiding with { Stride = 2, Bias = true, Kernel = 4, Padding = 1 }, new[] { 8, 7, 2 }, 20 },
            {
                "each channel by itself",
                TinyConvolutions.Hiding with
                {
                    Normalization = ChannelNormalization.Instance,
                },
                new[] { 5, 6, 2 },
                12
            },
            {
                "all channels together, and the mean of squares",
                new() { Normalization = ChannelNormalization.Layer, Pool = Pooling.Maximum },
                new[] { 6, 6, 2 },
                20
            },
            {
                "mean before the batch's normalization",
                new()
                {
                    Goodness = ChannelGoodness.Mean,
                    Pool = Pooling.Maximum,
                    PoolSide = 3,
                },
                new[] { 6, 9, 1 },
                8
            },
        };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void What_it_hands_on_and_learns_is_what_autograd_makes_of_the_formulas(
        string name,
        ConvolutionLayerSpec spec,
        int[] picture,
        int channels
    )
    {
        var below = new PictureShape(picture[0], picture[1], picture[2]);
        using var scope = NewDisposeScope();
        using var input = RandomRows.Make(Rows, below.Size, Precision.Fp32);

        var (handedOn, made) = AssertLearns(name, new ConvolutionShape(below, channels, spec, Classes), Pictures(input, below), input);

        using (made)
        {
            AssertNear(Values(handedOn), Read(made), 1e-4, $"{name}: handed on");
        }
    }

    [Fact]
    public void A_shortcut_is_data_to_the_layers_above_and_changes_no_gradient()
    {
        var shapes = ConvolutionShape.All(TinyConvolutions.ByName["shortcuts"], 64, Classes);
        using var scope = NewDisposeScope();
        var rows = RandomRows.Make(Rows, 64, Precision.Fp32);
        List<Tensor> handedOn = [Pictures(rows, shapes[0].In)];
        foreach (var (shape, i) in shapes.Select((shape, i) => (shape, i)))
        {
            var (own, made) = AssertLearns($"layer {i + 1}", shape, handedOn[^1], rows);
            handedOn.Add(shape.Spec.ShortcutFrom > 0 ? Joined(own, handedOn[shape.Spec.ShortcutFrom], shape) : own);
            var read = Read(made);
            AssertNear(
                Values(handedOn[^1]),
                [.. Enumerable.Range(0, Rows).SelectMany(n => read.Skip(n * shape.RowOut).Take(shape.Out.Size))],
                1e-4,
                $"layer {i + 1}: handed on"
            );
            rows.Dispose();
            rows = made;
        }

        rows.Dispose();
        Assert.Equal(2, shapes.Count(shape => shape.Spec.ShortcutFrom > 0));
    }

    public static TheoryData<string, ConvolutionLayerSpec, int[], int, double> Contrasts =>
        new()
        {
            { "squares that share points", TinyConvolutions.Hiding, new[] { 7, 5, 2 }, 12, 0 },
            { "means of means", TinyConvolutions.Hiding with { Pool = Pooling.Average }, new[] { 6, 9, 2 }, 12, 0 },
            { "the largest of squares", TinyConvolutions.Hiding with { Pool = Pooling.Maximum, Bias = true }, new[] { 8, 8, 1 }, 108, 0 },
            { "instance", TinyConvolutions.Hiding with { Normalization = ChannelNormalization.Instance }, new[] { 6, 6, 2 }, 12, 0 },
            {
                "layer and squares",
                new() { Normalization = ChannelNormalization.Layer, Pool = Pooling.Average },
                new[] { 6, 6, 2 },
                12,
                0
            },
            { "one square", TinyConvolutions.Hiding, new[] { 3, 3, 2 }, 404, 0 },
            { "clipped", TinyConvolutions.Hiding with { Bias = true }, new[] { 6, 6, 2 }, 12, 0.01 },
        };

    [Theory]
    [MemberData(nameof(Contrasts))]
    public void Contrast_moves_a_layer_as_autograd_makes_it_of_the_formulas(
        string name,
        ConvolutionLayerSpec spec,
        int[] picture,
        int channels,
        double clip
    )
    {
        const double Temperature = 0.3;
        var shape = new ConvolutionShape(new PictureShape(picture[0], picture[1], picture[2]), channels, spec, Classes);
        var contrast = new GoodnessSpec
        {
            Contrast = 0.7,
            ContrastFeatures = 5,
            ContrastFirstTemperature = Temperature,
        };
        using var layer = Layer(shape, Plain with { Clip = clip }, contrast: new ContrastTemperature(contrast, Updates: 1, Epochs: 10));
        using var input = RandomRows.Make(Rows, shape.In.Size, Precision.Fp32);
        using var scope = NewDisposeScope();
        var parameters = layer
            .State.Where(tensor => tensor.Name is "weights" or "bias" or "contrast")
            .ToDictionary(tensor => tensor.Name, tensor => tensor.Value.Tensor.to(ScalarType.Float64).requires_grad_());

        var pictures = tensor(Read(input)).reshape(Rows, shape.In.Height, shape.In.Width, shape.In.Channels);
        var (goodness, handedOn) = Formulas(shape, pictures, parameters);
        var labels = tensor(Labels.Select(label => (long)label).ToArray());
        var likelihood =
            nn.functional.log_softmax(goodness, 1).gather(1, labels.unsqueeze(1)).sum()
            - (contrast.Contrast * Contrast(handedOn, parameters["contrast"], labels, Temperature));
        likelihood.backward();
        using var made = layer.Forward(input, trainingSlot: 0);
        layer.Learn(new RowLayout(0, 0, Rows, 0), Labels, 1, 1);

        var slopes = parameters.ToDictionary(one => one.Key, one => Values(one.Value.grad!).Select(slope => slope / Rows).ToArray());
        var length = Math.Sqrt(slopes.Values.Sum(values => values.Sum(slope => slope * slope)));
        var share = clip > 0 ? clip / length : 1;
        var state = Read(layer.State);
        Assert.InRange(share, 0, 1);
        Assert.All(
            slopes,
            one => AssertNear([.. one.Value.Select(slope => slope * share)], state[$"{one.Key}.average"], 1e-3, $"{name}: {one.Key}")
        );
    }

    [Fact]
    public void The_temperature_falls_in_a_line_and_then_in_half_a_wave()
    {
        var falls = new ContrastTemperature(
            new GoodnessSpec
            {
                ContrastFirstTemperature = 0.8,
                ContrastTemperature = 0.2,
                ContrastLastTemperature = 0.1,
                ContrastFallShare = 0.5,
            },
            Updates: 10,
            Epochs: 8
        );

        Assert.Equal(
            [0.8, 0.8, 0.65, 0.5, 0.2, 0.15],
            new long[] { 1, 10, 11, 21, 41, 61 }.Select(update => Math.Round(falls.At(update), 9))
        );
    }

    [Fact]
    public void Test_images_are_normalized_by_means_that_run_along_with_the_batches()
    {
        var shape = new ConvolutionShape(new PictureShape(6, 6, 3), 8, new ConvolutionLayerSpec(), Classes);
        using var layer = Layer(shape, Plain);
        using var input = RandomRows.Make(Rows, shape.In.Size, Precision.Fp32);
        double[] Passed(long? slot)
        {
            using var rows = layer.Forward(input, slot);
            return Read(rows);
        }

        var inTraining = Passed(0);
        var untrained = Passed(null);
        Assert.Equal(untrained, Passed(null));
        for (var slot = 1; slot < 200; slot++)
        {
            Passed(slot);
        }

        // of one batch again and again the running means become its own: but for the unbiased variance
        var count = Rows * shape.Activity.Points;
        Assert.NotEqual(inTraining, untrained);
        AssertNear(inTraining, [.. Passed(null).Select(value => value * Math.Sqrt(count / (count - 1.0)))], 0.01, "normalized");
    }

    [Theory]
    [MemberData(nameof(TinyConvolutions.Kinds), MemberType = typeof(TinyConvolutions))]
    public void The_number_of_threads_changes_no_bit(string kind)
    {
        var spec = TinyConvolutions.ByName[kind];

        var hashes = new[] { 1, 2, 5 }.Select(threads => TinyRun.Train(spec, threads).Hash).Distinct();

        Assert.Single(hashes);
    }

    [Theory]
    [MemberData(nameof(TinyConvolutions.Kinds), MemberType = typeof(TinyConvolutions))]
    public void It_learns_what_pictures_show(string kind)
    {
        var result = TinyRun.Train(TinyConvolutions.ByName[kind] with { Epochs = 8 });

        Assert.InRange(result.Evaluation.ErrorFast!.Value, 0, 0.2); // of 4 classes
    }

    [Fact]
    public void A_layer_stays_as_it_is_after_the_epochs_in_which_it_learns()
    {
        var spec = TinyConvolutions.Spec(new ConvolutionLayerSpec { Epochs = 1 }, new ConvolutionLayerSpec());
        using var trainer = new SequentialTrainer(spec, TinyRun.Data, new WorkerPool(1));

        trainer.RunEpoch(default);
        var after = trainer.State().Take(2).Select(stage => Convert.ToHexString(stage[0].Data.Span)).ToList();
        trainer.RunEpoch(default);
        var later = trainer.State().Take(2).Select(stage => Convert.ToHexString(stage[0].Data.Span)).ToList();

        Assert.Equal(after[0], later[0]);
        Assert.NotEqual(after[1], later[1]);
    }

    [Fact]
    public void Units_are_left_out_by_seed_slot_and_row_and_only_while_it_learns()
    {
        var shape = new ConvolutionShape(new PictureShape(6, 6, 3), 8, TinyConvolutions.Hiding, Classes);
        using var layer = Layer(shape, Plain, dropout: 0.5);
        using var input = RandomRows.Make(Rows, shape.In.Size, Precision.Fp32);
        double[] Passed(long? slot)
        {
            using var rows = layer.Forward(input, slot);
            return Read(rows);
        }

        Assert.Equal(Passed(3), Passed(3));
        Assert.NotEqual(Passed(3), Passed(4));
        Assert.Equal(Passed(null), Passed(null));
        Assert.NotEqual(Passed(null), Passed(3));
    }

    /// <summary>Goodness, loss and gradients of a layer are those of the formulas.</summary>
    /// <param name="pictures">What it sees, in fp64.</param>
    /// <param name="input">The rows that its stage gets.</param>
    /// <returns>What the layer itself makes, by the formulas, and the rows that it hands on.</returns>
    private static (Tensor HandedOn, Activations Made) AssertLearns(string name, ConvolutionShape shape, Tensor pictures, Activations input)
    {
        using var layer = Layer(shape, Plain);
        var parameters = layer
            .State.Where(tensor => tensor.Name is "weights" or "bias" || tensor.Name.StartsWith("normalization", StringComparison.Ordinal))
            .Where(tensor => !tensor.Name.EndsWith("average", StringComparison.Ordinal))
            .ToDictionary(tensor => tensor.Name, tensor => tensor.Value.Tensor.to(ScalarType.Float64).requires_grad_());

        var (goodness, handedOn) = Formulas(shape, pictures, parameters);
        var likelihood = nn
            .functional.log_softmax(goodness, 1)
            .gather(1, tensor(Labels.Select(label => (long)label).ToArray()).unsqueeze(1))
            .sum();
        likelihood.backward();
        var made = layer.Forward(input, trainingSlot: 0);
        var step = layer.Learn(new RowLayout(0, 0, Rows, 0), Labels, 1, 1);

        AssertNear(
            Values(goodness),
            [.. layer.LastGoodness[..(Rows * Classes)].ToArray().Select(g => (double)g)],
            1e-4,
            $"{name}: goodness"
        );
        Assert.Equal(-likelihood.item<double>() / Rows, step.Loss, 4);
        var state = Read(layer.State);
        // without momentum the averages are the gradient itself, as a mean over the batch
        Assert.All(
            parameters.Where(parameter => parameter.Value.grad is not null),
            parameter =>
                AssertNear(
                    [.. Values(parameter.Value.grad!).Select(slope => slope / Rows)],
                    state[$"{parameter.Key}.average"],
                    1e-3,
                    $"{name}: {parameter.Key}"
                )
        );
        Assert.Contains(parameters, parameter => parameter.Value.grad is not null);
        return (handedOn.detach(), made);
    }

    private static Tensor Pictures(Activations rows, PictureShape shape) =>
        tensor(Read(rows)).reshape(Rows, shape.Height, shape.Width, shape.Channels);

    // By libtorch's own pooling, class by class.
    private static Tensor Joined(Tensor own, Tensor shortcut, ConvolutionShape shape)
    {
        var side = Shortcuts.Side(shape.Shortcut!.Value, shape.Made);
        var pooled = nn.functional.avg_pool2d(shortcut.permute(0, 3, 1, 2), side, side, ceil_mode: true).permute(0, 2, 3, 1);
        return shape.Spec.Shortcut == ShortcutKind.Add
            ? own + pooled
            : cat([.. new[] { own, pooled }.Select(part => part.reshape(Rows, shape.Made.Points, Classes, -1))], 3)
                .reshape(Rows, shape.Out.Height, shape.Out.Width, shape.Out.Channels);
    }

    private static ConvolutionLayer Layer(
        ConvolutionShape shape,
        OptimizerSpec optimizer,
        double dropout = 0,
        ContrastTemperature? contrast = null
    ) =>
        new(
            new ConvolutionOptions
            {
                Index = 0,
                Shape = shape,
                MaxRows = Rows + 1,
                BatchSize = Rows,
                Optimizer = optimizer,
                Dropout = dropout,
                Contrast = contrast,
            }
        );

    // In fp64, by libtorch's own unfold, pooling and normalization, and autograd.
    private static (Tensor Goodness, Tensor HandedOn) Formulas(
        ConvolutionShape shape,
        Tensor pictures,
        Dictionary<string, Tensor> parameters
    )
    {
        var (spec, made) = (shape.Spec, shape.Convolved);
        var kernels = parameters["weights"]
            .reshape(shape.Channels, spec.Kernel, spec.Kernel, shape.InOfGroup)
            .permute(0, 3, 1, 2)
            .reshape(spec.Groups, shape.ChannelsOfGroup, -1);
        var columns = nn
            .functional.unfold(
                pictures.permute(0, 3, 1, 2),
                (spec.Kernel, spec.Kernel),
                padding: (shape.Padding, shape.Padding),
                stride: (spec.Stride, spec.Stride)
            )
            .reshape(Rows, spec.Groups, shape.Inputs, made.Points);
        var z = kernels.unsqueeze(0).matmul(columns).reshape(Rows, shape.Channels, made.Height, made.Width);
        if (parameters.TryGetValue("bias", out var bias))
        {
            z += bias.reshape(1, -1, 1, 1);
        }

        var activity = nn.functional.relu(z);
        if (spec.Pool == Pooling.Maximum)
        {
            activity = nn.functional.max_pool2d(activity, spec.PoolSide, spec.PoolSide);
        }

        Tensor normalized;
        if (spec.Normalization != ChannelNormalization.Batch)
        {
            var sets = spec.Normalization switch
            {
                ChannelNormalization.Group => Classes,
                ChannelNormalization.Layer => 1,
                _ => shape.Channels,
            };
            normalized = nn.functional.group_norm(activity, sets, eps: 1e-5);
        }
        else
        {
            var mean = activity.mean([0, 2, 3], keepdim: true);
            var variance = (activity - mean).pow(2).mean([0, 2, 3], keepdim: true);
            normalized = (activity - mean) / (variance + 1e-4).sqrt();
            normalized =
                (normalized * parameters["normalization.scale"].reshape(1, -1, 1, 1))
                + parameters["normalization.shift"].reshape(1, -1, 1, 1);
        }

        var raised = spec.Goodness == ChannelGoodness.Mean ? activity : normalized.pow(2);
        var goodness = raised.reshape(Rows, Classes, -1).mean([2]);
        if (spec.Pool == Pooling.Average)
        {
            normalized = nn.functional.avg_pool2d(normalized, spec.PoolSide, spec.PoolSide);
        }

        return (goodness, normalized.permute(0, 2, 3, 1));
    }

    // Khosla et al. 2020, equation 2, summed over the pictures; one without a partner counts nothing.
    private static Tensor Contrast(Tensor handedOn, Tensor weights, Tensor labels, double temperature)
    {
        var channels = handedOn.shape[3];
        long side =
            channels <= 100 ? 4
            : channels <= 400 ? 2
            : 1;
        var cells = nn.functional.adaptive_avg_pool2d(
            handedOn.permute(0, 3, 1, 2),
            [Math.Min(side, handedOn.shape[1]), Math.Min(side, handedOn.shape[2])]
        );
        var z = cells.permute(0, 2, 3, 1).reshape(Rows, -1).matmul(weights.t());
        var v = (z - z.mean([0])) / ((z - z.mean([0])).pow(2).mean([0]) + 1e-5).sqrt();
        var h = v / v.pow(2).sum(1, keepdim: true).sqrt();
        var similar = h.matmul(h.t()) / temperature;
        var others = 1 - eye(Rows, dtype: ScalarType.Float64);
        var partners = labels.unsqueeze(0).eq(labels.unsqueeze(1)).to(ScalarType.Float64) * others;
        var normal = (similar.exp() * others).sum(1, keepdim: true).log();
        var each = (partners * (normal - similar)).sum(1) / partners.sum(1).clamp(min: 1);
        return each.sum();
    }

    private static double[] Values(Tensor tensor) => [.. tensor.detach().contiguous().to(ScalarType.Float64).data<double>()];
}
