using ForwardForward.Console.Predictions;
using ForwardForward.Console.Rendering;
using ForwardForward.Console.Reports;
using ForwardForward.Console.Runs;
using ForwardForward.Console.Training;
using ForwardForward.Experiments.Data;
using ForwardForward.Learning;
using ForwardForward.Learning.Data;
using ForwardForward.Learning.Predictions;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Console.Reproduction;

/// <summary>
/// Runs experiments, each in a folder that is known by its name and seed: one that is done is not done again, one that was interrupted goes
/// on.
/// </summary>
/// <param name="runs">Folder of their folders.</param>
/// <param name="quick">Whether the short schedule will do.</param>
/// <param name="report">Takes a line per step of a download.</param>
/// <param name="view">Makes what shows a run.</param>
internal sealed class Reproduction(string runs, bool quick, Action<string> report, Func<RunProgress, IRunView> view)
{
    /// <exception cref="InvalidInputException">Its folder holds the run of another spec.</exception>
    public async Task<RunSummary> Run(PublishedExperiment experiment, int seed, CancellationToken cancellation)
    {
        var folder = Path.Combine(runs, $"{experiment.Name}-seed{seed}{(quick ? "-quick" : "")}");
        var request = new TrainRequest
        {
            Experiment = experiment.Preset,
            Seed = seed,
            Data = experiment.Data,
            Epochs = quick ? experiment.QuickEpochs : null,
            Out = folder,
        };
        if (RunList.Folder(folder, runs) is null)
        {
            return await new TrainingRun(request, report, view).Run(cancellation);
        }

        var earlier = RunList.Find(folder, runs);
        RequireSame(SpecChoice.Of(request).Spec, folder);
        if (earlier.IsDone)
        {
            return earlier;
        }

        if (RunList.WithCheckpoints(folder) is { } interrupted && HasCheckpoint(folder))
        {
            return await new TrainingRun(request, report, view).GoOn(interrupted, cancellation);
        }

        RunFolder.Reclaim(folder).Discard(); // it was stopped before its first checkpoint: there is nothing to go on from
        return await new TrainingRun(request, report, view).Run(cancellation);
    }

    /// <summary>What the network of its last checkpoint gives by tests that no run makes.</summary>
    /// <returns>
    /// Test errors by goodness and the readout together, and by the readout with signals from above; null where the network cannot be
    /// tested so.
    /// </returns>
    public static (double? Joint, double? Settled) Retest(RunSummary run)
    {
        var spec = SpecReader.ReadFile(Path.Combine(run.Output!, RunFolder.SpecFile));
        if (run.TestErrorGoodness is null)
        {
            return (null, null);
        }

        using var network = RunCheckpoint.Open(run.Output!).Network();
        var test = new DataSets(DataSets.DefaultCacheFolder).Open(spec.Dataset).Limited(spec).Test;
        return spec.TopDown.Iterations > 0
            ? (null, IteratedTest.Of(network, spec.TopDown, test).Settled)
            : (JointTest.Error(network, test), null);
    }

    private static bool HasCheckpoint(string folder) => Directory.EnumerateDirectories(Path.Combine(folder, RunFolder.Checkpoints)).Any();

    // The precision is settled when a run starts, and what is known of its data filled in.
    private static void RequireSame(ExperimentSpec wanted, string folder)
    {
        var found = SpecReader.ReadFile(Path.Combine(folder, RunFolder.SpecFile));
        if (!SpecReader.AreEqual(SpecReader.Write(wanted with { Precision = found.Precision }), SpecReader.Write(found)))
        {
            throw new InvalidInputException(
                $"{folder} holds a run of another spec than the experiment has now, expected none or one of the same: move it away."
            );
        }
    }
}
