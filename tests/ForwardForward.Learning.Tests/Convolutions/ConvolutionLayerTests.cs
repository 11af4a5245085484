using ForwardForward.Learning.Convolutions;
using ForwardForward.Learning.Layers;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tensors;
using ForwardForward.Learning.Tests.Layers;
using static ForwardForward.Learning.Tests.Convolutions.ConvolutionFormulas;
using static ForwardForward.Learning.Tests.Layers.Comparison;
using static TorchSharp.torch;

namespace ForwardForward.Learning.Tests.Convolutions;

public sealed class ConvolutionLayerTests
{
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

    [Fact]
    public void Test_images_are_normalized_by_means_that_run_along_with_the_batches()
    {
        var shape = new ConvolutionShape(new PictureShape(6, 6, 3), 8, new ConvolutionLayerSpec(), Classes);
        using var layer = Layer(shape, WithoutMomentum);
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
        using var layer = Layer(shape, WithoutMomentum, dropout: 0.5);
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
        using var layer = Layer(shape, WithoutMomentum);
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
}
