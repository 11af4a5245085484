using System.Collections.Concurrent;
using ForwardForward.Experiments.Data;
using ForwardForward.Learning.Layers;
using ForwardForward.Runtime.Sources;
using Microsoft.Extensions.DependencyInjection;

namespace ForwardForward.Console.Training;

/// <summary>What the runs of one process share, one after the other or several at a time.</summary>
/// <param name="data">Read once for all of them.</param>
/// <param name="atOnce">Runs that train at a time.</param>
internal sealed class SideBySide(DataSets data, int atOnce)
{
    private readonly Turns _turns = new(Environment.ProcessorCount);
    private readonly ConcurrentDictionary<string, double> _rates = [];

    public DataSets Data => data;

    public void AddTo(IServiceCollection silo) => silo.AddSingleton(_turns).AddSingleton(data);

    /// <summary>What the cores reach on nothing but these products, for a run that has had them for itself.</summary>
    /// <param name="measure">Takes half a second of all cores, so it is asked once for products of the same shapes.</param>
    /// <returns>0 where runs share them: none has had them, and none should lose them to a measurement.</returns>
    public double MatrixRate(StepProducts step, Func<double> measure)
    {
        if (atOnce > 1)
        {
            return 0;
        }

        var products = $"{step.Precision} {step.BatchSize} {string.Join(' ', step.Layers)}";
        if (!_rates.TryGetValue(products, out var rate) && (rate = measure()) is not double.NaN)
        {
            _rates[products] = rate;
        }

        return rate;
    }
}
