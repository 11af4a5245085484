using ForwardForward.Client;
using ForwardForward.Console.Clusters;
using ForwardForward.Console.Rendering;
using ForwardForward.Console.Runs;
using ForwardForward.Console.Training;
using ForwardForward.Contracts.Experiments;
using ForwardForward.Learning;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Console.Sweeps;

/// <summary>Trials on a cluster, which has them whatever becomes of this process; their files are kept here.</summary>
/// <param name="sweep">Its name, which the names of its runs begin with.</param>
internal sealed class TrialsOnCluster(string sweep, ClusterConnection cluster) : ITrials
{
    private readonly ClusterRuns _runs = new(cluster);

    public async Task<RunSummary> Run(Trial trial, string folder, Func<RunProgress, IRunView> view, CancellationToken cancellation)
    {
        var name = trial.RunOf(sweep);
        if (await _runs.Find(name) is { } there)
        {
            RequireSame(trial, there);
            if (there.State == RunState.Paused)
            {
                await _runs.Resume(name);
            }

            if (!File.Exists(Path.Combine(folder, RunFolder.SpecFile)))
            {
                TrialFolder.Clear(folder);
                using var claimed = RunFolder.Claim(folder, there.Spec);
                return await _runs.Watch(name, claimed, view, cancellation);
            }

            using var known = RunFolder.TryFollow(folder);
            return await _runs.Watch(name, known, view, cancellation);
        }

        TrialFolder.Clear(folder);
        var request = new TrainRequest
        {
            Experiment = trial.Choice.Title,
            Choice = trial.Choice,
            Name = name,
            Out = folder,
        };
        return await new ClusterTraining(request, cluster).Run(_ => { }, view, cancellation);
    }

    // The precision is settled when a run starts, and what is known of its data filled in.
    private void RequireSame(Trial trial, RunStatus there)
    {
        var wanted = trial.Choice.Spec with { Precision = there.Spec.Precision };
        if (!SpecReader.AreEqual(SpecReader.Write(wanted), SpecReader.Write(there.Spec)))
        {
            throw new InvalidInputException(
                $"The cluster at {cluster.Address} has a run '{there.Run}' of another spec, expected none or the trial's: "
                    + "choose another --name."
            );
        }
    }
}
