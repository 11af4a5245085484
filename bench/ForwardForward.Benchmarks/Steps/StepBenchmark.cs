using System.Diagnostics;
using ForwardForward.Client;
using ForwardForward.Contracts.Experiments;
using ForwardForward.Experiments.Data;
using ForwardForward.Learning;
using ForwardForward.Learning.Data;
using ForwardForward.Learning.Devices;
using ForwardForward.Learning.Exactness;
using ForwardForward.Learning.Layers;
using ForwardForward.Learning.Recipes;
using ForwardForward.Learning.Recipes.Networks;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tensors;
using ForwardForward.Runtime.Hosting;

namespace ForwardForward.Benchmarks.Steps;

/// <summary>Ratios of one precision; every time is the best of its turns.</summary>
/// <param name="ReferenceShare">
/// Matrix operations of the sequential trainer on all cores, as a share of the rate measured for products of the same shapes: without the
/// rows that have no pull.
/// </param>
/// <param name="PipelineShare">The same of the grains in one silo.</param>
/// <param name="ReferenceOverProducts">
/// Speed of the sequential trainer over that of nothing but the two products of all rows, at the matrix rate: above 1 where rows without a
/// pull are worth more than everything beside the products costs.
/// </param>
/// <param name="PipelineOverProducts">The same of the grains.</param>
/// <param name="PipelineOverReference">Speed of the grains over that of the sequential trainer.</param>
/// <param name="OverAutograd">Speed of the grains over that of the autograd baseline in the same precision.</param>
/// <param name="OverAutogradFp32">The same over the baseline in fp32.</param>
/// <param name="ReferenceMillisecondsPerSlot">Of the whole run, tests included.</param>
/// <param name="PipelineMillisecondsPerSlot">Of the whole run, tests included.</param>
/// <param name="Phases">Where one layer's step goes on one core, as shares; empty where layers are computed on a GPU.</param>
internal sealed record StepRatios(
    double ReferenceShare,
    double PipelineShare,
    double ReferenceOverProducts,
    double PipelineOverProducts,
    double PipelineOverReference,
    double OverAutograd,
    double OverAutogradFp32,
    double ReferenceMillisecondsPerSlot,
    double PipelineMillisecondsPerSlot,
    IReadOnlyDictionary<StepPhase, double> Phases
);

/// <summary>
/// Reference, grains and autograd on the same slots, in turns in one process, beside the matrix rate measured between the turns.
/// </summary>
internal sealed class StepBenchmark(ExperimentSpec spec, int turns, Action<string> report)
{
    private readonly int _cores = Environment.ProcessorCount;
    private readonly Dictionary<Precision, IReadOnlyList<double>> _pulling = []; // share of the rows in every layer
    private readonly DataSet _data = new DataSets(DataSets.DefaultCacheFolder).Open(spec.Dataset, report).Limited(spec);

    /// <summary>Best rate seen of the products of all rows, in floating-point operations per second, by precision.</summary>
    public Dictionary<Precision, double> MatrixRates { get; } = [];

    /// <summary>The same of the products that are made, without rows that have no pull.</summary>
    public Dictionary<Precision, double> MadeRates { get; } = [];

    public async Task<Dictionary<Precision, StepRatios>> Run()
    {
        var fp32 = await Times(Precision.Fp32);
        var bf16 = await Times(Precision.Bf16);
        return new()
        {
            [Precision.Fp32] = Ratios(Precision.Fp32, fp32, fp32.Autograd),
            [Precision.Bf16] = Ratios(Precision.Bf16, bf16, fp32.Autograd),
        };
    }

    private async Task<(double Reference, double Pipeline, double Autograd)> Times(Precision precision)
    {
        var of = spec with { Precision = precision };
        (double Reference, double Pipeline, double Autograd) best = (double.MaxValue, double.MaxValue, double.MaxValue);
        for (var turn = 0; turn <= turns; turn++)
        {
            report($"{precision.ToString().ToLowerInvariant()}: {(turn == 0 ? "warming up" : $"turn {turn} of {turns}")}");
            Measure(MatrixRates, of, []);
            var (reference, hash) = Reference(of);
            Measure(MadeRates, of, _pulling[precision]);
            var pipeline = await Pipeline(of, hash);
            var autograd = AutogradBaseline.Seconds(of, _data, _cores);
            best =
                turn == 0
                    ? best
                    : (Math.Min(best.Reference, reference), Math.Min(best.Pipeline, pipeline), Math.Min(best.Autograd, autograd));
        }

        return best;
    }

    private void Measure(Dictionary<Precision, double> best, ExperimentSpec of, IReadOnlyList<double> pulling) =>
        best[of.Precision] = Math.Max(
            best.GetValueOrDefault(of.Precision),
            MatrixRate.Measure(ProductsOf.Step(of, _data.Train.PixelsPerImage), _cores, pulling: pulling)
        );

    private (double Seconds, string Hash) Reference(ExperimentSpec of)
    {
        using var trainer = new SequentialTrainer(of, _data, new WorkerPool(_cores));
        var pulling = new ActiveRows();
        trainer.LayerMeasured += pulling.Add;
        var watch = Stopwatch.StartNew();
        var hash = trainer.Run().Hash;
        _pulling[of.Precision] = pulling.Means;
        return (watch.Elapsed.TotalSeconds, hash);
    }

    private static async Task<double> Pipeline(ExperimentSpec of, string hash)
    {
        var checkpoints = Path.Combine(Path.GetTempPath(), "checkpoints");
        await using var cluster = await EmbeddedCluster.Start(1, DataSets.DefaultCacheFolder, checkpoints);
        var run = cluster.Grains.GetGrain<IExperimentGrain>("bench");
        await run.Start(new RunRequest(of));
        var status = await RunWatch.Follow(run.Watch, _ => { }, CancellationToken.None);
        return status.StateHash == hash
            ? status.Seconds
            : throw new InvalidOperationException(
                $"The grains ended with {status.Error ?? status.StateHash} instead of the reference's state hash {hash}."
            );
    }

    private StepRatios Ratios(Precision precision, (double Reference, double Pipeline, double Autograd) times, double autogradFp32)
    {
        var plan = new SlotPlan(spec, _data.Train.Count, _data.Test.Count, _data.Classes);
        double Ideal(IReadOnlyList<double> pulling, double rate) =>
            plan.Recipe.Network.MatrixOperations(plan, _data.Train.PixelsPerImage, pulling) / rate;
        var (made, all) = (Ideal(_pulling[precision], MadeRates[precision]), Ideal([], MatrixRates[precision]));
        return new StepRatios(
            made / times.Reference,
            made / times.Pipeline,
            all / times.Reference,
            all / times.Pipeline,
            times.Reference / times.Pipeline,
            times.Autograd / times.Pipeline,
            autogradFp32 / times.Pipeline,
            1000 * times.Reference / plan.SlotCount,
            1000 * times.Pipeline / plan.SlotCount,
            ComputeDevices.AreGpus ? new Dictionary<StepPhase, double>() : Phases(spec with { Precision = precision })
        );
    }

    // All layers in turn, so that none finds its weights in the cache because it had them a moment ago.
    private static Dictionary<StepPhase, double> Phases(ExperimentSpec of)
    {
        const int Steps = 20;
        var clock = new PhaseClock();
        var layout = new RowLayout(of.BatchSize, of.BatchSize, of.BatchSize, 0);
        var layers = of
            .Layers.Select(
                (units, i) =>
                    new FFLayer(LayerOptionsOf.Layer(of, i, new LayerShape(i == 0 ? units : of.Layers[i - 1], 0, units), layout.Total))
                    {
                        Clock = clock,
                    }
            )
            .ToList();
        var random = new KeyedRandom(1, RandomPurpose.Order, 0, 0);
        for (var step = 1; step <= Steps; step++)
        {
            foreach (var layer in layers)
            {
                using var input = BenchRows.Make(layout.Total, layer.Inputs, of.Precision, ref random);
                layer.Forward(input).Dispose();
                layer.Learn(layout, 1, step);
            }
        }

        layers.ForEach(layer => layer.Dispose());
        return new(clock.Shares);
    }
}
