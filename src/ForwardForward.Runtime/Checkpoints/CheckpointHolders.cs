using ForwardForward.Contracts.Checkpoints;
using ForwardForward.Learning.Checkpoints;
using ForwardForward.Runtime.Connections;
using ForwardForward.Runtime.Placement;

namespace ForwardForward.Runtime.Checkpoints;

/// <summary>The silos of the cluster as keepers of checkpoints, each with a folder of its own.</summary>
internal sealed class CheckpointHolders(
    IGrainFactory grains,
    ClusterView cluster,
    ILocalSiloDetails silo,
    TimeProvider time,
    MessageLimit limit
)
{
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(50);

    /// <summary>This silo.</summary>
    public ActiveSilo Own { get; } = new(silo.SiloAddress, silo.Name);

    public IReadOnlyList<ActiveSilo> Active => cluster.Active();

    /// <summary>The silo that keeps the copies of another's files: the next one, of another machine where there is one.</summary>
    /// <returns>Null where the silo is alone.</returns>
    public static ActiveSilo? Next(ActiveSilo own, IEnumerable<ActiveSilo> active) =>
        active
            .Where(other => !other.Address.Equals(own.Address))
            .OrderBy(other => other.Address.Endpoint.Address.Equals(own.Address.Endpoint.Address))
            .ThenBy(other => other.Address.CompareTo(own.Address) < 0)
            .ThenBy(other => other.Address)
            .FirstOrDefault();

    /// <exception cref="CheckpointException">The silo refuses, or does not answer.</exception>
    public async Task<T> Ask<T>(ActiveSilo peer, Func<ICheckpointHolder, Task<T>> question)
    {
        var holder = grains.GetGrain<ICheckpointHolder>(peer.Address.ToParsableString());
        for (var started = time.GetTimestamp(); ; await Task.Delay(Pace, time))
        {
            try
            {
                return await PlannedPlacementDirector.On(peer.Address, () => question(holder));
            }
            catch (StageLostException) when (cluster.IsActive(peer.Address) && time.GetElapsedTime(started) < MaxWait)
            {
                // A silo that has just joined is active before the others know what it can do; what it keeps must not look lost for that.
            }
            catch (Exception e) when (e is OrleansException or TimeoutException or StageLostException)
            {
                throw new CheckpointException($"The silo {peer} does not answer ({e.GetType().Name}), expected it to keep checkpoints.", e);
            }
        }
    }

    /// <exception cref="CheckpointException">The silo refuses, or does not answer.</exception>
    public Task Ask(ActiveSilo peer, Func<ICheckpointHolder, Task> question) =>
        Ask(
            peer,
            async holder =>
            {
                await question(holder);
                return true;
            }
        );

    /// <summary>Asks all silos at once.</summary>
    /// <returns>The answers of those that gave one, in the order of their addresses.</returns>
    public Task<IReadOnlyList<SiloAnswer<T>>> AskAll<T>(Func<ICheckpointHolder, Task<T>> question) => Ask(Active, question);

    /// <summary>As <see cref="AskAll"/>, without this silo.</summary>
    public Task<IReadOnlyList<SiloAnswer<T>>> AskOthers<T>(Func<ICheckpointHolder, Task<T>> question) =>
        Ask(Active.Where(silo => silo != Own), question);

    private async Task<IReadOnlyList<SiloAnswer<T>>> Ask<T>(IEnumerable<ActiveSilo> silos, Func<ICheckpointHolder, Task<T>> question)
    {
        var answers = await Task.WhenAll(
            silos.Select(async peer =>
            {
                try
                {
                    return new SiloAnswer<T>(peer.ToString(), await Ask(peer, question));
                }
                catch (CheckpointException)
                {
                    return null; // it counts as a silo that is not there
                }
            })
        );
        return [.. answers.OfType<SiloAnswer<T>>()];
    }

    /// <summary>Copies a file that another silo keeps into this silo's folder, on the caller's thread.</summary>
    /// <exception cref="CheckpointException">It could not be read there or written here, or did not arrive as it was written.</exception>
    public void Copy(
        ActiveSilo from,
        string run,
        CheckpointId id,
        CheckpointFile file,
        CheckpointFolder into,
        CancellationToken cancellation
    ) =>
        into.Receive(
            id,
            file,
            RemoteFile.Pieces(
                (offset, bytes) => Ask(from, holder => holder.Read(run, id, file.Name, offset, bytes)),
                file.Bytes,
                limit.Piece,
                cancellation
            )
        );
}
