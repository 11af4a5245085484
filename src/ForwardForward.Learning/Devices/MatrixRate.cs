using ForwardForward.Learning.Layers;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tensors;
using TorchSharp;

namespace ForwardForward.Learning.Devices;

/// <summary>
/// The machine's matrix rate: what libtorch reaches on nothing but the two products of a layer's step, on every core at once, or on every
/// GPU that was chosen. It is the limit that a run's own rate is held against.
/// </summary>
internal static class MatrixRate
{
    private const int Rounds = 3;
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(0.15);

    // Without instructions for bf16 a step's products take a core many seconds; a part of their rows has the same rate there. Where there
    // are such instructions it has not, and a core makes several times as many operations per second as this, of few rows too.
    private const double WithoutInstructions = 10e9;
    private const int ShareOfRows = 16;

    // A GPU that was waited for after every slot would stand still between them.
    private const int SlotsBetweenWaits = 20;

    // Wider matrices are multiplied no faster, and what is only measured should take little memory.
    private const int MaxLayers = 8;
    private const int MaxWidth = 4096;

    /// <summary>bf16 where it measures at least this much faster than fp32.</summary>
    private const double WorthBf16 = 1.5;

    /// <summary>Share of a core's time that every measuring thread has had where nobody else was on the cores.</summary>
    private const double Undisturbed = 0.9;

    /// <summary>Measures the products of one training slot through all layers; takes about half a second.</summary>
    /// <param name="step">Whose products.</param>
    /// <param name="cores">Threads that multiply at the same time, one slot each; of GPUs, one each.</param>
    /// <param name="window">Length of a round; null means 0.15 s.</param>
    /// <param name="pulling">
    /// Share of the learned rows that have a pull, in every layer, since a step multiplies no others in its second product; what is missing
    /// counts as 1. Few rows are multiplied at a lower rate: what is written is as much as of many.
    /// </param>
    /// <returns>Floating-point operations per second of all cores together, the best of three rounds.</returns>
    public static double Measure(StepProducts step, int cores, TimeSpan? window = null, IReadOnlyList<double>? pulling = null) =>
        Measured(Shapes(step, pulling ?? []), step.Precision, cores, window ?? Window, ThreadClock.Wall).Max(round => round.Rate);

    /// <summary>As <see cref="Measure"/>, by the rounds in which the threads had their cores for themselves.</summary>
    /// <returns><see cref="double.NaN"/> where there was no such round: the machine was busy.</returns>
    public static double MeasureUnlessBusy(StepProducts step, int cores) =>
        Measured(Shapes(step, []), step.Precision, cores, Window, ThreadClock.Wall)
            .Where(round => round.Had >= Undisturbed)
            .Select(round => round.Rate)
            .DefaultIfEmpty(double.NaN)
            .Max();

    /// <summary>
    /// As <see cref="Measure"/>, but of cores by the time that each thread has had of one: what they reach where nothing else is on them,
    /// whatever is on them now.
    /// </summary>
    public static double MeasureUndisturbed(StepProducts step, int cores) =>
        Measured(Shapes(step, []), step.Precision, cores, Window, OwnTime).Max(round => round.Rate);

    /// <summary>bf16 where it measures faster enough to be worth it on this machine, else fp32.</summary>
    /// <param name="step">Whose products; its precision does not matter.</param>
    /// <param name="worth">How many times as fast that is.</param>
    /// <param name="window">Length of a round; null means 0.05 s.</param>
    public static Precision Faster(StepProducts step, double worth = WorthBf16, TimeSpan? window = null)
    {
        // By the time that the thread has had, so that a machine that does much else comes to the same answer.
        var shapes = Shapes(step, []);
        var length = window ?? TimeSpan.FromSeconds(0.05);
        double Rate(Precision precision)
        {
            var measured = Measurable(shapes, precision);
            return Enumerable.Range(0, Rounds).Max(_ => Round(measured, precision, 1, length, OwnTime).Rate);
        }

        return Rate(Precision.Bf16) >= worth * Rate(Precision.Fp32) ? Precision.Bf16 : Precision.Fp32;
    }

    private static Shape[] Shapes(StepProducts step, IReadOnlyList<double> pulling) =>
        [
            .. step
                .Layers.Take(MaxLayers)
                .Select(
                    (layer, i) =>
                        new Shape(
                            Math.Min(MaxWidth, layer.Inputs),
                            Math.Min(MaxWidth, layer.Units),
                            3 * step.BatchSize,
                            Math.Max(1, (int)Math.Round(2 * step.BatchSize * (i < pulling.Count ? pulling[i] : 1)))
                        )
                ),
        ];

    private static Func<TimeSpan> OwnTime => ComputeDevices.AreGpus ? ThreadClock.Wall : ThreadClock.Own;

    private static List<(double Rate, double Had)> Measured(
        Shape[] shapes,
        Precision precision,
        int cores,
        TimeSpan window,
        Func<TimeSpan> clock
    )
    {
        var measured = Measurable(shapes, precision);
        var threads = ComputeDevices.AreGpus ? ComputeDevices.Count : cores;
        return [.. Enumerable.Range(0, Rounds).Select(_ => Round(measured, precision, threads, window, clock))];
    }

    // The shapes themselves, or the same with few rows where products are so slow that all would take longer than a measurement should.
    private static Shape[] Measurable(Shape[] shapes, Precision precision)
    {
        if (ComputeDevices.AreGpus)
        {
            return shapes;
        }

        using var scope = torch.NewDisposeScope();
        Shape[] few =
        [
            .. shapes.Select(shape =>
                shape with
                {
                    Rows = Math.Max(1, shape.Rows / ShareOfRows),
                    Learned = Math.Max(1, shape.Learned / ShareOfRows),
                }
            ),
        ];
        var products = few.Select(shape => new Products(shape, precision.ScalarType(), device: null)).ToList();
        products.ForEach(product => product.Multiply()); // what a process does at its first product is not timed
        var started = ThreadClock.Own();
        products.ForEach(product => product.Multiply());
        var rate = products.Sum(product => product.Operations) / (ThreadClock.Own() - started).TotalSeconds;
        return rate < WithoutInstructions ? few : shapes;
    }

    /// <returns>The rate of all threads together, and the share of a core's time that the one which had least has had.</returns>
    private static (double Rate, double Had) Round(Shape[] shapes, Precision precision, int cores, TimeSpan window, Func<TimeSpan> clock)
    {
        var rounds = new (double Rate, double Had)[cores];
        using var ready = new Barrier(cores);
        var threads = Enumerable
            .Range(0, cores)
            .Select(core => new Thread(() => rounds[core] = OnThisThread(shapes, precision, ComputeDevices.Of(core), window, clock, ready)))
            .ToList();
        threads.ForEach(t => t.Start());
        threads.ForEach(t => t.Join());
        return (rounds.Sum(round => round.Rate), rounds.Min(round => round.Had));
    }

    private static (double Rate, double Had) OnThisThread(
        Shape[] shapes,
        Precision precision,
        torch.Device? device,
        TimeSpan window,
        Func<TimeSpan> clock,
        Barrier ready
    )
    {
        using var scope = torch.NewDisposeScope();
        var type = precision.ScalarType();
        var products = shapes.Select(s => new Products(s, type, device)).ToList();
        products.ForEach(p => p.Multiply()); // page in, warm up
        Finish(device);
        ready.SignalAndWait();
        var (started, wall, own) = (clock(), ThreadClock.Wall(), ThreadClock.Own());
        double operations = 0;
        while (clock() - started < window)
        {
            for (var slot = 0; slot < (device is null ? 1 : SlotsBetweenWaits); slot++)
            {
                products.ForEach(p => p.Multiply());
                operations += products.Sum(p => p.Operations);
            }

            Finish(device);
        }

        var had = device is null ? (ThreadClock.Own() - own) / (ThreadClock.Wall() - wall) : 1; // a GPU's thread waits
        return (operations / (clock() - started).TotalSeconds, had);
    }

    private static void Finish(torch.Device? device)
    {
        if (device is not null)
        {
            torch.cuda.synchronize(device);
        }
    }

    /// <summary>
    /// Of a layer's two products: the forward one of a slot of three groups, and the gradient's of those rows that are learned from.
    /// </summary>
    private readonly record struct Shape(int Inputs, int Units, int Rows, int Learned)
    {
        public double Operations => 2.0 * (Rows + Learned) * Inputs * Units;
    }

    private sealed class Products
    {
        private readonly torch.Tensor _x;
        private readonly torch.Tensor _wT;
        private readonly torch.Tensor _z;
        private readonly torch.Tensor _learned;
        private readonly torch.Tensor _gT;
        private readonly torch.Tensor _gradient;

        public Products(Shape of, torch.ScalarType type, torch.Device? device)
        {
            (_x, _z, _gradient) = (
                torch.ones(of.Rows, of.Inputs, dtype: type, device: device),
                torch.zeros(of.Rows, of.Units, dtype: type, device: device),
                torch.zeros(of.Units, of.Inputs, dtype: type, device: device)
            );
            _wT = torch.ones(of.Units, of.Inputs, dtype: type, device: device).t();
            (_learned, _gT) = (_x.narrow(0, 0, of.Learned), torch.ones(of.Learned, of.Units, dtype: type, device: device).t());
            Operations = of.Operations;
        }

        public double Operations { get; }

        public void Multiply()
        {
            Product.Into(_z, _x, _wT);
            Product.Into(_gradient, _gT, _learned);
        }
    }
}
