using ForwardForward.Console.Runs;
using ForwardForward.Console.Training;
using ForwardForward.Contracts.Experiments;

namespace ForwardForward.Console.Sweeps;

/// <summary>What is known of a sweep so far. Thread-safe.</summary>
/// <param name="plan">What it tries.</param>
/// <param name="folder">Where it is kept.</param>
internal sealed class SweepProgress(SweepPlan plan, string folder)
{
    private readonly Lock _lock = new();
    private readonly List<Trial> _trials = [];
    private readonly Dictionary<string, RunProgress> _running = [];
    private readonly Dictionary<string, TrialResult> _results = [];

    public SweepPlan Plan => plan;

    public string Folder => folder;

    public string Name => Path.GetFileName(folder);

    /// <summary>Every trial that is known to be run: of a sweep with halving those of the rungs so far.</summary>
    public IReadOnlyList<TrialResult> Results
    {
        get
        {
            lock (_lock)
            {
                return [.. _trials.Select(Result)];
            }
        }
    }

    /// <summary>What the best is chosen from: with halving the runs of the last rung that has some.</summary>
    public Ranking Ranking => plan.Halving ? Ranking.OfLongest(Results) : Ranking.Of(Results);

    /// <param name="trials">That come next.</param>
    /// <param name="earlier">Those of them that are over already.</param>
    public void Expect(IReadOnlyList<Trial> trials, IEnumerable<TrialResult> earlier)
    {
        lock (_lock)
        {
            _trials.AddRange(trials);
            foreach (var result in earlier)
            {
                _results[result.Folder] = result;
            }
        }
    }

    public void Began(Trial trial, RunProgress run)
    {
        lock (_lock)
        {
            _running[trial.Folder] = run;
        }
    }

    public void Ended(TrialResult result)
    {
        lock (_lock)
        {
            _running.Remove(result.Folder);
            _results[result.Folder] = result;
        }
    }

    /// <returns>Null where it does not run.</returns>
    public RunProgress? Running(TrialResult trial)
    {
        lock (_lock)
        {
            return _running.GetValueOrDefault(trial.Folder);
        }
    }

    private TrialResult Result(Trial trial) =>
        _results.GetValueOrDefault(trial.Folder)
        ?? (
            _running.GetValueOrDefault(trial.Folder) is { } run
                ? TrialResult.Of(trial, RunStates.Of(run.Status.State == RunState.Queued ? RunState.Running : run.Status.State)) with
                {
                    HeldOutErrorFast = run.Fast?.ErrorFast,
                    HeldOutErrorGoodness = run.Goodness?.ErrorGoodness,
                    Seconds = run.Seconds,
                }
                : TrialResult.Of(trial, TrialResult.Waiting)
        );
}
