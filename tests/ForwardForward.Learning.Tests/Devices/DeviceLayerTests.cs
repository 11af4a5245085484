using ForwardForward.Learning.Devices;
using ForwardForward.Learning.Exactness;
using ForwardForward.Learning.Layers;
using ForwardForward.Learning.Recipes;
using ForwardForward.Learning.Recipes.Networks;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tensors;
using ForwardForward.Learning.Tests.Layers;
using ForwardForward.Learning.Tests.Plugins;
using TorchSharp;
using static ForwardForward.Learning.Tests.Layers.Comparison;

namespace ForwardForward.Learning.Tests.Devices;

/// <summary>
/// A layer whose tensors live on a device computes and learns what a layer on the CPU does. Where there is no GPU, libtorch's CPU stands
/// for the device.
/// </summary>
public sealed class DeviceLayerTests
{
    private const int Batch = 10;
    private const int Inputs = 64;
    private const int Units = 48;
    private const int Rows = 3 * Batch;
    private static readonly RowLayout Layout = new(Batch, Batch, Batch, 0);

    public static TheoryData<Precision, string, string, double, double> Variants =>
        new()
        {
            { Precision.Fp32, GoodnessKind.SumOfSquares, OptimizerKind.AveragedGradient, 0, 1e-4 },
            { Precision.Bf16, GoodnessKind.SumOfSquares, OptimizerKind.AveragedGradient, 0, 0.03 },
            { Precision.Fp32, GoodnessKind.NegativeSumOfSquares, OptimizerKind.AveragedGradient, 0.3, 1e-4 },
            { Precision.Fp32, GoodnessKind.Symba, OptimizerKind.AveragedGradient, 0, 1e-4 },
            { Precision.Fp32, GoodnessKind.Swish, OptimizerKind.Adam, 0.3, 2e-2 },
            { Precision.Fp32, OwnParts.Goodness, OwnParts.Optimizer, 0.3, 1e-4 },
        };

    [Theory]
    [MemberData(nameof(Variants))]
    public void Computes_and_learns_what_a_layer_on_the_cpu_does(
        Precision precision,
        string goodness,
        string optimizer,
        double dropout,
        double share
    )
    {
        OwnParts.Register();
        var spec = Spec(precision) with
        {
            Goodness = new GoodnessSpec { Kind = goodness },
            Optimizer = new OptimizerSpec
            {
                Kind = optimizer,
                LearningRate = 0.01,
                WeightDecay = 0.01,
            },
            Regularization = new RegularizationSpec { Dropout = dropout },
        };
        using FFLayer expected = new(LayerOptionsOf.Layer(spec, 1, new LayerShape(Inputs, 0, Units), Rows));
        using DeviceLayer actual = new(Device, LayerOptionsOf.Layer(spec, 1, new LayerShape(Inputs, 0, Units), Rows));
        for (var update = 1; update <= 5; update++)
        {
            using var input = RandomRows.Make(Rows, Inputs, precision, key: update);
            using Activations above = expected.Forward(input, update),
                made = actual.Forward(input, update);
            AssertNear(Read(above), Read(made), share, "what is sent");
            AssertNear(Doubles(expected.LastGoodness), Doubles(actual.LastGoodness), share, "goodness");
            Assert.Equal(expected.Learn(Layout, 1, update).Loss, actual.Learn(Layout, [], 1, update).Loss, share);
        }

        var state = Read(actual.State);
        foreach (var (name, value) in Read(expected.State))
        {
            AssertNear(value, state[name], share, name);
        }
    }

    [Theory]
    [InlineData(Precision.Fp32, 0, false, 1e-4)]
    [InlineData(Precision.Fp32, 0.3, false, 1e-4)]
    [InlineData(Precision.Bf16, 0, false, 0.03)]
    [InlineData(Precision.Fp32, 0, true, 1e-4)]
    public void Iterates_as_a_layer_on_the_cpu_does(Precision precision, double dropout, bool isLocal, double share)
    {
        const int Above = 16;
        var spec = Spec(precision) with
        {
            TopDown = new TopDownSpec { Iterations = 3 },
            Regularization = new RegularizationSpec { Dropout = dropout },
        };
        var local = spec with
        {
            Layers = [Units],
            Local = new LocalSpec
            {
                Grid = [2],
                Size = 5,
                Stride = 3,
            },
        };
        var shape = new LayerShape(Inputs, Above, Units) { Field = isLocal ? ReceptiveField.Of(local.Local, local.Layers, 0) : null };
        using FFLayer expected = new(LayerOptionsOf.Layer(spec, 0, shape, Rows));
        using DeviceLayer actual = new(Device, LayerOptionsOf.Layer(spec, 0, shape, Rows));
        IRecurrentLayer[] layers = [expected, actual];
        using Activations pictures = RandomRows.Make(Batch, Inputs, precision),
            above = RandomRows.Make(2 * Batch, Above, precision, key: 1);
        var states = layers.Select(layer => layer.NewState(Rows)).ToList();
        RowLayout risen = new(Batch, 0, 0, 0),
            learned = new(Batch, Batch, 0, 0);
        var sent = layers.Select((layer, i) => layer.Iterate(pictures, null, null, states[i], risen, 1)).ToList();
        for (var iteration = 1; iteration <= 3; iteration++)
        {
            AssertNear(Read(sent[0]), Read(sent[1]), share, $"what is sent before iteration {iteration}");
            sent.ForEach(rows => rows.Dispose());
            var after = layers.Select(layer => layer.NewState(Rows)).ToList();
            sent = [.. layers.Select((layer, i) => layer.Iterate(pictures, above, states[i], after[i], learned, 1))];
            var losses = layers.Select(layer => layer.Learn(learned, [], 1, iteration).Loss).ToList();
            Assert.Equal(losses[0], losses[1], share * 10);
            states.ForEach(state => state.Dispose());
            states = after;
        }

        AssertNear(Read(sent[0]), Read(sent[1]), share, "what is sent at last");
        AssertNear(Read(expected.State)["weights"], Read(actual.State)["weights"], share, "weights");
        sent.ForEach(rows => rows.Dispose());
        states.ForEach(state => state.Dispose());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Parts_learn_what_parts_on_the_cpu_do(bool areReplicas)
    {
        var spec = Spec(Precision.Fp32);
        var expected = await Learned(
            areReplicas,
            (shape, others) => new FFLayer(LayerOptionsOf.Layer(spec, 0, shape, Rows), others: others)
        );
        var actual = await Learned(
            areReplicas,
            (shape, others) => new DeviceLayer(Device, LayerOptionsOf.Layer(spec, 0, shape, Rows), others)
        );

        for (var part = 0; part < 2; part++)
        {
            AssertNear(expected[part], actual[part], 1e-4, $"weights of part {part}");
        }
    }

    [Theory]
    [InlineData(Precision.Fp32)]
    [InlineData(Precision.Bf16)]
    public void Two_runs_end_in_the_same_bytes_and_a_checkpoint_of_one_kind_is_one_of_the_other(Precision precision)
    {
        var spec = Spec(precision);
        using DeviceLayer first = Trained(spec),
            second = Trained(spec);
        using FFLayer onCpu = new(LayerOptionsOf.Layer(spec, 0, new LayerShape(Inputs, 0, Units), Rows));
        onCpu.Restore([.. first.State.Select(tensor => StateTensor.Of(tensor.Name, tensor.Value))]);
        using DeviceLayer back = new(Device, LayerOptionsOf.Layer(spec, 0, new LayerShape(Inputs, 0, Units), Rows));
        back.Restore([.. onCpu.State.Select(tensor => StateTensor.Of(tensor.Name, tensor.Value))]);

        var hash = StateHash.OfStage(first.State);
        Assert.Equal([hash, hash, hash], [StateHash.OfStage(second.State), StateHash.OfStage(onCpu.State), StateHash.OfStage(back.State)]);
        using var input = RandomRows.Make(Rows, Inputs, precision);
        using Activations expected = onCpu.Forward(input),
            actual = back.Forward(input);
        AssertNear(Read(expected), Read(actual), precision == Precision.Fp32 ? 1e-5 : 0.01, "what is sent");
    }

    [Fact]
    public void What_a_layer_makes_goes_to_the_next_one_without_the_host()
    {
        var spec = Spec(Precision.Bf16);
        using DeviceLayer below = new(Device, LayerOptionsOf.Layer(spec, 0, new LayerShape(Inputs, 0, Units), Rows)),
            above = new(Device, LayerOptionsOf.Layer(spec, 1, new LayerShape(Units, 0, Units), Rows));
        using var input = RandomRows.Make(Rows, Inputs, Precision.Bf16);
        var (between, neutral) = (below.Forward(input), default(Activations));
        using (var there = torch.zeros(Rows, Units, torch.ScalarType.BFloat16, Device))
        using (var top = above.Forward(between))
        {
            between.CopyTo(there);
            neutral = between.Share(Layout.FirstNeutral, Layout.Neutral);
            var bytes = between.Bytes.ToArray();
            between.Dispose();

            Assert.Equal(bytes, there.cpu().bytes.ToArray());
            Assert.Equal(bytes[(Layout.FirstNeutral * Units * 2)..], neutral.Bytes.ToArray());
            Assert.Equal((Rows, Units), (top.Rows, top.Width));
        }

        neutral.Dispose();
        Assert.Throws<ObjectDisposedException>(() => between.Bytes.Length);
        Assert.Throws<ObjectDisposedException>(() => neutral.Share(0, 1));
    }

    [Fact]
    public void Rows_of_another_width_are_refused()
    {
        using DeviceLayer layer = new(Device, LayerOptionsOf.Layer(Spec(Precision.Fp32), 0, new LayerShape(Inputs, 0, Units), Rows));
        using var narrow = RandomRows.Make(Rows, Inputs - 1, Precision.Fp32);

        Assert.Contains(
            "takes at most 30 rows of 64 in Fp32, not 30 rows of 63",
            Assert.Throws<ArgumentException>(() => layer.Forward(narrow)).Message,
            StringComparison.Ordinal
        );
    }

    [CudaFact]
    public void A_run_on_a_gpu_ends_twice_in_the_same_bytes_and_errs_about_as_on_the_cpu()
    {
        var onCpu = TinyRun.Train(TinyRun.Spec());
        ComputeDevices.Use("cuda:0");
        try
        {
            var (first, second) = (TinyRun.Train(TinyRun.Spec()), TinyRun.Train(TinyRun.Spec()));
            Assert.Equal(first.Hash, second.Hash);
            Assert.Equal(onCpu.Evaluation.ErrorGoodness!.Value, first.Evaluation.ErrorGoodness!.Value, 0.1);
        }
        finally
        {
            ComputeDevices.Use(ComputeDevices.Cpu);
        }
    }

    private static torch.Device Device => torch.cuda.is_available() ? new torch.Device(DeviceType.CUDA, 0) : torch.CPU;

    private static ExperimentSpec Spec(Precision precision) => TinyRun.Spec(precision) with { BatchSize = Batch };

    private static async Task<double[][]> Learned(bool areReplicas, Func<LayerShape, IAllReduce, ILayer> make)
    {
        using var meeting = new InProcessAllReduce(2);
        return await Task.WhenAll(
            Enumerable
                .Range(0, 2)
                .Select(part =>
                    Task.Factory.StartNew(
                        () =>
                        {
                            var shape = areReplicas
                                ? new LayerShape(Inputs, 0, Units) { Replica = part, Replicas = 2 }
                                : new LayerShape(Inputs, 0, Units / 2) { Part = part, Parts = 2 };
                            using var layer = make(shape, meeting.Seat(part));
                            for (var update = 1; update <= 3; update++)
                            {
                                using var input = RandomRows.Make(
                                    Rows,
                                    Inputs,
                                    Precision.Fp32,
                                    key: areReplicas ? (2 * update) + part : update
                                );
                                layer.Forward(input, update).Dispose();
                                layer.Learn(Layout, [], 1, update);
                            }

                            return Read(layer.State)["weights"];
                        },
                        CancellationToken.None,
                        TaskCreationOptions.LongRunning,
                        TaskScheduler.Default
                    )
                )
        );
    }

    private static DeviceLayer Trained(ExperimentSpec spec)
    {
        var layer = new DeviceLayer(Device, LayerOptionsOf.Layer(spec, 0, new LayerShape(Inputs, 0, Units), Rows));
        for (var update = 1; update <= 3; update++)
        {
            using var input = RandomRows.Make(Rows, Inputs, spec.Precision, key: update);
            layer.Forward(input, update).Dispose();
            layer.Learn(Layout, [], 1, update);
        }

        return layer;
    }
}
