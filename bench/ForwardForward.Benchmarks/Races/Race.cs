using System.Diagnostics;
using ForwardForward.Benchmarks.Memory;
using ForwardForward.Learning;
using ForwardForward.Learning.Data;
using ForwardForward.Learning.Devices;
using ForwardForward.Learning.Recipes;
using ForwardForward.Learning.Recipes.Networks;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tensors;

namespace ForwardForward.Benchmarks.Races;

/// <summary>How far a contestant was after an epoch.</summary>
/// <param name="Seconds">Of training alone, tests not counted.</param>
/// <param name="Error">Of the fast test, as a share.</param>
internal readonly record struct Lap(int Epoch, double Seconds, double Error);

/// <summary>One training of one contestant.</summary>
/// <param name="Laps">One for each epoch that was tested.</param>
/// <param name="MatrixRateShare">Operations of all its matrix products, by its whole time and the machine's rate for such products.</param>
/// <param name="PeakBytes">Most that the step's memory came to.</param>
internal sealed record Course(int Seed, IReadOnlyList<Lap> Laps, double MatrixRateShare, long PeakBytes)
{
    /// <returns>Seconds of training until a test erred on no more than this; null where none did.</returns>
    public double? SecondsTo(double error) => Laps.Where(lap => lap.Error <= error).Select(lap => (double?)lap.Seconds).FirstOrDefault();
}

/// <summary>
/// Networks that learn the same data one after the other, in turns, each on all cores by the sequential trainer: so neither has the other
/// beside it, and what the machine does meanwhile meets both.
/// </summary>
/// <param name="data">What all of them learn.</param>
/// <param name="report">Takes a line at the end of each training.</param>
internal sealed class Race(DataSet data, Action<string> report)
{
    /// <param name="contestants">Specs whose precision is resolved.</param>
    /// <param name="seeds">A training each.</param>
    /// <returns>The courses of each contestant.</returns>
    public IReadOnlyList<IReadOnlyList<Course>> Run(
        IReadOnlyList<ExperimentSpec> contestants,
        IReadOnlyList<int> seeds,
        CancellationToken cancellation
    )
    {
        var courses = contestants.Select(_ => new List<Course>()).ToList();
        foreach (var seed in seeds)
        {
            foreach (var (spec, all) in contestants.Zip(courses))
            {
                var course = Run(spec with { Seed = seed }, cancellation);
                all.Add(course);
                report(
                    FormattableString.Invariant(
                        $"{spec.Description} Seed {seed}: {course.Laps.Min(lap => lap.Error):P2} at best, {course.Laps[^1].Seconds:0} s."
                    )
                );
            }
        }

        return courses;
    }

    private Course Run(ExperimentSpec spec, CancellationToken cancellation)
    {
        var (laps, training) = (new List<Lap>(), TimeSpan.Zero);
        var cores = Environment.ProcessorCount;
        var rate = MatrixRate.Measure(ProductsOf.Step(spec, data.Train.PixelsPerImage), cores);
        var peak = new HeapPeak();
        using var trainer = new SequentialTrainer(spec, data, new WorkerPool(cores));
        var watch = Stopwatch.StartNew();
        var last = TimeSpan.Zero;
        trainer.SlotDone += slot =>
        {
            var now = watch.Elapsed;
            training += trainer.Plan[slot].Kind == SlotKind.Train ? now - last : TimeSpan.Zero;
            last = now;
            peak.Look();
        };
        trainer.Evaluated += evaluation =>
        {
            if (evaluation.ErrorFast is { } error)
            {
                laps.Add(new Lap(evaluation.Epoch, training.TotalSeconds, error));
            }
        };
        trainer.Run(cancellation);
        var operations = trainer.Plan.Recipe.Network.MatrixOperations(trainer.Plan, data.Train.PixelsPerImage, []);
        return new Course(spec.Seed, laps, operations / (watch.Elapsed.TotalSeconds * rate), peak.Bytes);
    }
}
