using ForwardForward.Console.Rendering;
using ForwardForward.Console.Runs;
using ForwardForward.Console.Training;
using ForwardForward.Learning;
using ForwardForward.Learning.Checkpoints;

namespace ForwardForward.Console.Sweeps;

/// <summary>Trials in this process, each as <c>train</c> runs it.</summary>
/// <param name="sweep">Its name, which the names of its runs begin with.</param>
/// <param name="beside">What they share.</param>
/// <param name="report">Takes a line where something is worth one.</param>
internal sealed class TrialsHere(string sweep, SideBySide beside, Action<string> report) : ITrials
{
    public async Task<RunSummary> Run(Trial trial, string folder, Func<RunProgress, IRunView> view, CancellationToken cancellation)
    {
        var run = new TrainingRun(
            new TrainRequest
            {
                Experiment = trial.Choice.Title,
                Choice = trial.Choice,
                Name = trial.RunOf(sweep),
                Out = folder,
            },
            report,
            view,
            beside: beside
        );
        while (RunFolder.IsInUse(folder) && RunList.TryFind(folder, RunFolder.Runs) is { } elsewhere)
        {
            await new FolderWatch(elsewhere).Watch(view, cancellation); // somebody resumed the trial alone
        }

        if (RunList.TryFind(folder, RunFolder.Runs) is { } earlier)
        {
            if (TrialFolder.IsOver(folder))
            {
                return earlier;
            }

            if (CheckpointFolder.NewestSlot(Path.Combine(folder, RunFolder.Checkpoints)) is not null)
            {
                try
                {
                    return await run.GoOn(earlier, cancellation);
                }
                catch (InvalidInputException e)
                {
                    report($"Trial {trial.Number} begins anew: {e.Message}");
                }
            }
        }

        TrialFolder.Clear(folder);
        return await run.Run(cancellation);
    }
}
