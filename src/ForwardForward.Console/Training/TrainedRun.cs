using ForwardForward.Console.Predictions;
using ForwardForward.Console.Runs;
using ForwardForward.Learning;
using ForwardForward.Learning.Checkpoints;
using ForwardForward.Learning.Networks;
using ForwardForward.Learning.Recipes;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Console.Training;

/// <summary>A run that is done, as what another one trains on from.</summary>
internal static class TrainedRun
{
    /// <param name="nameOrFolder">Of a run of this machine; its state is put into one file of its folder.</param>
    /// <exception cref="InvalidInputException">There is no such run, it has not ended, or it keeps no checkpoint.</exception>
    public static SpecChoice Choice(string nameOrFolder)
    {
        var run = RunList.Find(nameOrFolder, RunFolder.Runs);
        if (!run.IsDone)
        {
            throw new InvalidInputException(
                $"The run '{run.Run}' is {run.State}, expected one that is done to train on from; `ff resume {run.Run}` goes on with one "
                    + "that was cut short."
            );
        }

        if (!run.IsOfHere)
        {
            throw new InvalidInputException(
                $"The run '{run.Run}' and its state are {RunPlace.Sentence(run)}, expected a run of this machine; `ff export {run.Run} "
                    + $"--cluster {run.Where}` has its weights, from which --import starts."
            );
        }

        var checkpoint = RunCheckpoint.Open(nameOrFolder);
        var file = Path.Combine(run.Output!, RunContents.StateFile);
        WholeFile.Replace(file, Safetensors.Write(InitialState.File(checkpoint.Stages), NetworkFile.Metadata(checkpoint.Spec)));
        var spec = checkpoint.Spec;
        return new SpecChoice(
            run.Preset,
            $"{run.Run}-on",
            spec with
            {
                Start = new StartSpec { State = file, Epochs = spec.Start.Epochs + run.Epoch },
            }
        );
    }
}
