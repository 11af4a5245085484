using ForwardForward.Learning.Devices;
using ForwardForward.Learning.Recipes.Networks;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Learning.Tests.Layers;

public sealed class MatrixRateTests
{
    private const int BusyThreadsOfACore = 4;
    private static readonly ExperimentSpec Spec = new() { Layers = [500, 500], Precision = Precision.Fp32 };

    [Fact]
    public void The_undisturbed_rate_is_that_of_the_cores_although_others_take_most_of_their_time()
    {
        var alone = Undisturbed();

        double undisturbed,
            disturbed;
        using (new BusyCores())
        {
            (undisturbed, disturbed) = (Undisturbed(), MatrixRate.Measure(ProductsOf.Step(Spec, 784), Environment.ProcessorCount));
        }

        Assert.True(undisturbed > 0.6 * alone, $"{undisturbed:g3} of {alone:g3} operations per second are left");
        Assert.True(disturbed < 0.6 * alone, $"{disturbed:g3} of {alone:g3} operations per second: nobody took their time");
    }

    [Fact]
    public void A_busy_machine_has_no_rate_that_a_run_can_be_held_against()
    {
        using var busy = new BusyCores();

        Assert.Equal(double.NaN, MatrixRate.MeasureUnlessBusy(ProductsOf.Step(Spec, 784), Environment.ProcessorCount));
    }

    [Fact]
    public void A_wide_network_is_measured_on_all_its_rows_although_a_step_of_it_takes_long()
    {
        var wide = Undisturbed(Spec with { Layers = [2000, 2000, 2000, 2000] });

        Assert.True(wide > 0.7 * Undisturbed(), $"{wide:g3} operations per second are those of few rows"); // which are half as fast
    }

    private static double Undisturbed(ExperimentSpec? of = null) =>
        MatrixRate.MeasureUndisturbed(ProductsOf.Step(of ?? Spec, 784), Environment.ProcessorCount);

    /// <summary>Threads that do nothing but take the time of every core.</summary>
    private sealed class BusyCores : IDisposable
    {
        private readonly Thread[] _threads;
        private volatile bool _isOver;

        public BusyCores()
        {
            _threads = [.. Enumerable.Range(0, BusyThreadsOfACore * Environment.ProcessorCount).Select(_ => new Thread(Work))];
            Array.ForEach(_threads, thread => thread.Start());
        }

        public void Dispose()
        {
            _isOver = true;
            Array.ForEach(_threads, thread => thread.Join());
        }

        private void Work()
        {
            while (!_isOver) { }
        }
    }
}
