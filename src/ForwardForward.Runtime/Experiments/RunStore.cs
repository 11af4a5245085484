using Microsoft.Extensions.Logging;
using Orleans.Runtime;
using Orleans.Storage;

namespace ForwardForward.Runtime.Experiments;

/// <summary>
/// Writes a run's record. Storage that does not answer delays a write but stops no training: what was not written is written with
/// the next try.
/// </summary>
internal sealed partial class RunStore(IPersistentState<RunRecord> state, RunJournal journal, string silo, ILogger logger)
{
    private readonly ILogger _logger = logger;
    private readonly Guid _owner = Guid.NewGuid();
    private bool _failedBefore;

    public bool IsDirty { get; private set; }

    public void Mark() => IsDirty = true;

    /// <summary>The first write, which makes the name this run's.</summary>
    /// <exception cref="InvalidOperationException">The storage does not answer; the message is one sentence.</exception>
    public async Task Claim()
    {
        try
        {
            await Write();
        }
        catch (Exception e) when (e is not InconsistentStateException)
        {
            throw new InvalidOperationException($"The cluster cannot keep the run's state, expected its storage to answer ({e.GetType().Name}); nothing was started.");
        }
    }

    /// <summary>Writes what has changed, if the storage answers.</summary>
    /// <exception cref="InconsistentStateException">Another activation coordinates the run now.</exception>
    public async Task Flush()
    {
        if (!IsDirty)
        {
            return;
        }

        try
        {
            IsDirty = false;
            await Write();
            _failedBefore = false;
        }
        catch (Exception e) when (e is not InconsistentStateException)
        {
            IsDirty = true;
            if (!_failedBefore)
            {
                LogUnwritten(e.Message);
            }

            _failedBefore = true;
        }
    }

    public Task Clear() => state.ClearStateAsync();

    private async Task Write()
    {
        var record = new RunRecord { Owner = _owner, OwnerSilo = silo, Status = journal.Status, Events = [.. journal.Events] };
        state.State = record;
        try
        {
            await state.WriteStateAsync();
        }
        catch (InconsistentStateException)
        {
            await state.ReadStateAsync();
            if (state.State.Owner != _owner)
            {
                throw;
            }

            // A write of ours arrived although its answer did not.
            state.State = record;
            await state.WriteStateAsync();
        }
    }

    [LoggerMessage(EventId = 4, Level = LogLevel.Warning, Message = "The run's record cannot be written ({Reason}); training goes on and the write is tried again")]
    private partial void LogUnwritten(string reason);
}
