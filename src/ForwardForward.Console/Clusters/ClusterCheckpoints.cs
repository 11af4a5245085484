using ForwardForward.Client;
using ForwardForward.Console.Predictions;
using ForwardForward.Contracts.Checkpoints;
using ForwardForward.Contracts.Experiments;
using ForwardForward.Learning;
using ForwardForward.Learning.Checkpoints;

namespace ForwardForward.Console.Clusters;

/// <summary>Fetches checkpoints of a cluster's runs, from whichever silos keep them.</summary>
internal sealed class ClusterCheckpoints(ClusterConnection cluster)
{
    private const int Tries = 3; // a run that trains may remove what was just found

    /// <summary>The newest whole one of a run, which may train meanwhile.</summary>
    /// <exception cref="InvalidInputException">There is none, or it cannot be read.</exception>
    public async Task<RunCheckpoint> Newest(string run, CancellationToken cancellation)
    {
        var folder = Directory.CreateTempSubdirectory("forwardforward-checkpoint-").FullName;
        try
        {
            for (var attempt = 1; ; attempt++)
            {
                try
                {
                    await Fetch(cluster.Grains.GetGrain<IExperimentGrain>(run), folder, cancellation);
                    return RunCheckpoint.Read(folder);
                }
                catch (CheckpointException) when (attempt < Tries) { }
                catch (CheckpointException e)
                {
                    throw new InvalidInputException(
                        $"The checkpoint of the run '{run}' on the cluster at {cluster.Address} cannot be fetched: {e.Message}",
                        e
                    );
                }
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task Fetch(IExperimentGrain experiment, string folder, CancellationToken cancellation)
    {
        var manifest = await experiment.NewestCheckpoint();
        var copy = new CheckpointFolder(folder, "copy");
        await Task.Run(
            () =>
            {
                foreach (var file in manifest.Files)
                {
                    copy.Receive(
                        manifest.Id,
                        file,
                        RemoteFile.Pieces(
                            (offset, bytes) => experiment.ReadCheckpoint(manifest.Id, file, offset, bytes),
                            file.Bytes,
                            int.MaxValue,
                            cancellation
                        )
                    );
                }

                copy.Commit(manifest);
            },
            cancellation
        );
    }
}
