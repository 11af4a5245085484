using System.Diagnostics;

namespace ForwardForward.Learning.Layers;

/// <summary>What a layer's step consists of.</summary>
internal enum StepPhase
{
    /// <summary>z = x W^T, and taking x in.</summary>
    ForwardProduct,

    /// <summary>Goodness and normalized activity of every row.</summary>
    Normalize,

    /// <summary>Activity means and local gradient of the learned rows.</summary>
    LocalGradient,

    /// <summary>g^T x.</summary>
    GradientProduct,

    /// <summary>Averages, weights and their rounded copy.</summary>
    WeightUpdate,
}

/// <summary>Where the time of a single-threaded layer goes.</summary>
internal sealed class PhaseClock
{
    private readonly long[] _ticks = new long[Enum.GetValues<StepPhase>().Length];
    private long _last = Stopwatch.GetTimestamp();

    /// <summary>Starts a lap without counting what came before.</summary>
    public void Start() => _last = Stopwatch.GetTimestamp();

    /// <summary>Counts the time since the last lap for a phase.</summary>
    public void Lap(StepPhase phase)
    {
        var now = Stopwatch.GetTimestamp();
        _ticks[(int)phase] += now - _last;
        _last = now;
    }

    /// <summary>Share of each phase in all that was counted.</summary>
    public IReadOnlyDictionary<StepPhase, double> Shares =>
        Enum.GetValues<StepPhase>().ToDictionary(p => p, p => (double)_ticks[(int)p] / Math.Max(1, _ticks.Sum()));
}
