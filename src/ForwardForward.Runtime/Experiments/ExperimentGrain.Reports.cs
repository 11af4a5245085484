using ForwardForward.Contracts.Experiments;
using ForwardForward.Learning.Checkpoints;
using ForwardForward.Learning.Exactness;
using ForwardForward.Learning.Recipes;
using Orleans.Runtime;

namespace ForwardForward.Runtime.Experiments;

/// <content>What the coordinator hears of its stages, and what it looks after by itself.</content>
internal sealed partial class ExperimentGrain
{
    public Task Measured(int generation, LayerMeasurement measurement, int inboxDepth) =>
        If(generation, () => _journal.Add(measurement, inboxDepth, null));

    public Task Evaluated(int generation, Evaluation evaluation) => If(generation, () =>
    {
        _journal.Add(null, null, evaluation);
        _journal.Change(Current() with { LastEvaluation = evaluation });
        _store.Mark();
    });

    public Task Progressed(int generation, long slot) =>
        If(generation, () => _journal.Change(Current() with { Slot = slot + 1, Epoch = _plan![slot].Epoch + 1 }));

    public Task Ended(int generation, int stage, byte[] digest) => If(generation, () =>
    {
        _digests[stage] = digest;
        if (_digests.Count == Current().Spec.Layers.Count + 1)
        {
            _ = Finish(generation); // not awaited: the stage that reported waits for our answer
        }
    });

    public Task Saved(int generation, long slot, CheckpointFile file) => If(generation, () =>
    {
        if (_checkpoints.Add(Current(), slot, file) is { } manifest)
        {
            _commits = Task.WhenAll(_commits, Commit(manifest)); // not awaited: the stage that reported goes on
        }
    });

    public Task NotSaved(int generation, long slot, string reason) => If(generation, () => LogNotSaved(Run, slot, reason));

    public Task Failed(int generation, string stage, string message, bool isLoss) => If(generation, () =>
    {
        if (Current().State == RunState.Queued)
        {
            return; // whoever starts the run hears of it
        }

        if (isLoss)
        {
            Lose(SiloGone() ?? $"The {stage} lost a neighbour: {message}");
        }
        else
        {
            End(Current() with { State = RunState.Failed, Error = $"The {stage} failed: {message}" });
        }
    });

    private async Task Finish(int generation)
    {
        await _commits.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        if (IsAt(generation))
        {
            End(Current() with { State = RunState.Done, StateHash = StateHash.OfRun(_digests.Values) });
        }
    }

    private Task If(int generation, Action report)
    {
        if (_journal.Works && _journal.Status!.Generation == generation)
        {
            report();
        }

        return Task.CompletedTask;
    }

    private void StartTicking() => _ticks = this.RegisterGrainTimer(Tick, new GrainTimerCreationOptions(TickPeriod, TickPeriod) { Interleave = true, KeepAlive = true });

    private async Task Tick(CancellationToken cancellation)
    {
        if (_journal.Status is { State: RunState.Running or RunState.Paused } && SiloGone() is { } gone)
        {
            Lose(gone);
        }

        try
        {
            await _store.Flush();
        }
        catch (Orleans.Storage.InconsistentStateException)
        {
            _ticks!.Dispose();
            DeactivateOnIdle(); // another activation coordinates the run; its generation decides
        }

        if (!_journal.Works && !_store.IsDirty)
        {
            _ticks!.Dispose();
            await StopWatchdog();
        }
    }

    private string? SiloGone() => _places.FirstOrDefault(silo => !_cluster.IsActive(silo.Address)) is { } gone
        ? $"The silo {gone.Name} ({gone.Endpoint}) is gone, and with it {string.Join(" and ", Current().Plan.Where(place => place.Endpoint == gone.Endpoint).Select(place => $"layer {place.Layer}"))}."
        : null;

    private async Task StopWatchdog()
    {
        if (await this.GetReminder(Watchdog) is { } watchdog)
        {
            await this.UnregisterReminder(watchdog);
        }
    }
}
