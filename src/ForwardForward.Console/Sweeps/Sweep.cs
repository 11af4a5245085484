using ForwardForward.Client;
using ForwardForward.Console.Rendering;
using ForwardForward.Console.Runs;
using ForwardForward.Console.Training;
using ForwardForward.Contracts.Experiments;

namespace ForwardForward.Console.Sweeps;

/// <summary>Brings every trial of a plan to its end, a few at a time; those that are over already are not run again.</summary>
/// <param name="trials">Where they run.</param>
/// <param name="view">Shows them.</param>
/// <param name="atOnce">Trials at the same time.</param>
/// <param name="check">Refuses what cannot go on, before the first trial that is not over; null: nothing speaks against any.</param>
internal sealed class Sweep(SweepProgress progress, ITrials trials, ISweepView view, int atOnce, Action? check = null)
{
    private readonly SweepFiles _files = new(progress);
    private Action? _check = check;

    /// <summary>Whether nothing is left to run.</summary>
    public bool IsOver { get; private set; }

    /// <summary>What the disk did not take of the results, in one sentence; null where they are whole.</summary>
    public string? Unwritten => _files.Hindrance;

    /// <exception cref="ClusterUnreachableException">The cluster that has them does not answer.</exception>
    public Task Run(CancellationToken cancellation) => view.During(() => Rungs(cancellation));

    private async Task Rungs(CancellationToken cancellation)
    {
        IReadOnlyList<Setting> settings = progress.Plan.Trials;
        var rungs = progress.Plan.Rungs;
        for (var rung = 0; rung < rungs.Count && settings.Count > 0; rung++)
        {
            var runs = progress.Plan.Runs(settings, rungs[rung]);
            var results = await Rung(runs, cancellation);
            if (!results.All(result => result.IsOver))
            {
                return; // who goes up is known when all are over
            }

            var up = Halving.GoUp(Ranking.Of(results), settings.Count);
            settings = [.. settings.Where(setting => up.Contains(setting.Trial))];
        }

        IsOver = true;
    }

    private async Task<IReadOnlyList<TrialResult>> Rung(IReadOnlyList<Trial> runs, CancellationToken cancellation)
    {
        progress.Expect(
            runs,
            runs.Select(trial => (trial, Over: TrialFolder.Over(At(trial))))
                .Where(run => run.Over is not null)
                .Select(run => TrialResult.Of(run.trial, run.Over!, At(run.trial)))
        );
        var folders = runs.Select(trial => trial.Folder).ToHashSet();
        List<TrialResult> Results() => [.. progress.Results.Where(result => folders.Contains(result.Folder))];
        var left = new Queue<Trial>(runs.Zip(Results()).Where(run => !run.Second.IsOver).Select(run => run.First));
        if (left.Count > 0)
        {
            _check?.Invoke();
            _check = null;
        }

        _files.Write();
        view.Expects(left.Count);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        await Task.WhenAll(
            Enumerable.Range(0, Math.Min(atOnce, left.Count)).Select(_ => Task.Run(() => Work(left, stop), CancellationToken.None))
        );
        return Results();
    }

    private async Task Work(Queue<Trial> left, CancellationTokenSource stop)
    {
        while (!stop.IsCancellationRequested && Next(left) is { } trial)
        {
            try
            {
                await Run(trial, stop.Token);
            }
            catch
            {
                await stop.CancelAsync(); // what goes wrong with one would go wrong with all
                throw;
            }
        }
    }

    private async Task Run(Trial trial, CancellationToken cancellation)
    {
        TrialResult result;
        try
        {
            result = TrialResult.Of(
                trial,
                await trials.Run(trial, At(trial), run => new TrialView(trial, run, progress, view), cancellation),
                At(trial)
            );
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return; // it has not begun, or goes on without this program
        }
        catch (Exception e) when (e is not (ClusterUnreachableException or OrleansException or TimeoutException))
        {
            result = TrialResult.Of(trial, RunStates.Failed, e.Message);
        }

        lock (_files)
        {
            progress.Ended(result);
            _files.Write();
            view.Ended(result);
        }
    }

    private string At(Trial trial) => Path.Combine(progress.Folder, trial.Folder);

    private static Trial? Next(Queue<Trial> left)
    {
        lock (left)
        {
            return left.TryDequeue(out var trial) ? trial : null;
        }
    }

    // The news of one run are news of the sweep.
    private sealed class TrialView(Trial trial, RunProgress run, SweepProgress progress, ISweepView view) : IRunView
    {
        public Task<RunStatus> During(Func<Action<RunUpdate>, Task<RunStatus>> during)
        {
            progress.Began(trial, run);
            return during(_ => view.Changed());
        }
    }
}
