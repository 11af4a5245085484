using ForwardForward.Contracts.Experiments;
using Microsoft.Extensions.Logging;
using Orleans.Storage;

namespace ForwardForward.Runtime.Experiments;

/// <summary>Who writes a run's record.</summary>
/// <param name="Silo">The one that it is on, for a person.</param>
/// <param name="Contract">Of its program.</param>
/// <param name="Version">Likewise.</param>
internal sealed record RunWriter(string Silo, int Contract, string Version);

/// <summary>
/// Writes a run's record. Storage that does not answer delays a write but stops no training: what was not written is written with the next
/// try.
/// </summary>
internal sealed partial class RunStore(
    string run,
    IPersistentState<RunRecord> state,
    RunJournal journal,
    IRunIndexGrain index,
    RunWriter writer,
    ILogger logger
) : IRunStore
{
    private readonly ILogger _logger = logger;
    private readonly Guid _owner = Guid.NewGuid();
    private readonly FifoAsyncLock _writes = new();
    private RunTakenOverException? _takenOver;
    private bool _failedBefore;

    private long _marks;
    private long _written;

    public bool IsDirty => _marks != _written;

    public void Mark() => _marks++;

    public async Task Claim()
    {
        try
        {
            await Write();
            await index.Add(run);
        }
        catch (Exception e) when (e is not RunTakenOverException)
        {
            throw new InvalidOperationException(
                $"The cluster cannot keep the run's state, expected its storage to answer ({e.GetType().Name}); nothing was started."
            );
        }
    }

    public Task Flush() =>
        _writes.Pass(async () => // two at once would each look like another coordinator's
        {
            if (!IsDirty)
            {
                return true;
            }

            try
            {
                var marks = _marks;
                await Write();
                _written = marks; // what was marked meanwhile is still to be written
                _failedBefore = false;
            }
            catch (Exception e) when (e is not RunTakenOverException)
            {
                if (!_failedBefore)
                {
                    LogUnwritten(e.Message);
                }

                _failedBefore = true;
            }

            return !IsDirty;
        });

    /// <summary>As if nothing had been written yet: the storage has lost it.</summary>
    /// <exception cref="RunTakenOverException">Another coordinator has written.</exception>
    public async Task WriteAgain(bool isOver)
    {
        Mark();
        await Flush();
        await index.Add(run);
        if (isOver)
        {
            await Retire();
        }
    }

    public Task Retire() => journal.Status is { } last ? index.Over(last) : Task.CompletedTask; // one that was refused is in no list

    public async Task Clear()
    {
        await index.Remove(run);
        await state.ClearStateAsync();
        _written = _marks;
    }

    private async Task Write()
    {
        if (_takenOver is not null)
        {
            throw _takenOver; // having read who has the run now, it could write again
        }

        var record = new RunRecord
        {
            Owner = _owner,
            OwnerSilo = writer.Silo,
            Contract = writer.Contract,
            Version = writer.Version,
            Status = journal.Status,
            Events = [.. journal.Events],
            Lessons = [.. journal.Lessons.All],
        };
        state.State = record;
        try
        {
            await state.WriteStateAsync();
        }
        catch (InconsistentStateException)
        {
            await state.ReadStateAsync();
            if (state.State.Owner != _owner && state.RecordExists)
            {
                throw _takenOver = new RunTakenOverException($"The run '{run}' is coordinated from the silo {state.State.OwnerSilo} now.");
            }

            // A write of ours arrived although its answer did not, or the storage has lost all that it held.
            state.State = record;
            await state.WriteStateAsync();
        }
    }

    [LoggerMessage(
        EventId = 4,
        Level = LogLevel.Warning,
        Message = "its record cannot be written ({Reason}); training goes on and the write is tried again"
    )]
    private partial void LogUnwritten(string reason);
}
