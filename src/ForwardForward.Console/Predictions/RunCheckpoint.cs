using ForwardForward.Console.Runs;
using ForwardForward.Learning;
using ForwardForward.Learning.Checkpoints;
using ForwardForward.Learning.Native;
using ForwardForward.Learning.Predictions;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tensors;

namespace ForwardForward.Console.Predictions;

/// <summary>The newest whole checkpoint of a run of this machine, finished or not.</summary>
/// <param name="Run">Its name: that which it has now, where its folder is known, else that under which the checkpoint was written.</param>
/// <param name="Spec">Resolved.</param>
/// <param name="Manifest">Of the checkpoint.</param>
/// <param name="Stages">State of every layer from the bottom up, then the readout's.</param>
internal sealed record RunCheckpoint(
    string Run,
    ExperimentSpec Spec,
    CheckpointManifest Manifest,
    IReadOnlyList<IReadOnlyList<StateTensor>> Stages
)
{
    private const int Tries = 3; // a run that goes on may remove what was just found

    /// <summary>Whether it is a folder of checkpoints rather than a run's.</summary>
    public static bool IsFolderOfMany(string folder) =>
        RunList.Folder(folder, RunFolder.Runs) is null && CheckpointFolder.NewestSlot(folder) is not null;

    /// <param name="nameOrFolder">
    /// Of a run in ./runs, a run's folder, or a folder of checkpoints, as the silos of a cluster keep one for each run.
    /// </param>
    /// <exception cref="InvalidInputException">There is no such run, or it has no checkpoint that can be read.</exception>
    public static RunCheckpoint Open(string nameOrFolder)
    {
        var run =
            RunList.Folder(nameOrFolder, RunFolder.Runs) is null && Directory.Exists(nameOrFolder)
                ? null
                : RunList.Find(nameOrFolder, RunFolder.Runs);
        var folder = run is null ? nameOrFolder : Path.Combine(run.Output!, RunFolder.Checkpoints);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var read = Read(folder);
                return run is null ? read : read with { Run = run.Run };
            }
            catch (CheckpointException) when (attempt < Tries) { }
            catch (CheckpointException e)
            {
                throw new InvalidInputException($"{folder} has no checkpoint that can be read: {e.Message}", e);
            }
        }
    }

    /// <exception cref="LibTorchUnavailableException">This machine cannot compute.</exception>
    public TrainedNetwork Network()
    {
        LibTorch.EnsureLoaded();
        return new TrainedNetwork(Spec, Stages, new WorkerPool(Environment.ProcessorCount));
    }

    /// <summary>Reads the newest of a folder of checkpoints.</summary>
    /// <exception cref="InvalidInputException">It has none.</exception>
    /// <exception cref="CheckpointException">It was removed meanwhile.</exception>
    public static RunCheckpoint Read(string path)
    {
        var folder = new CheckpointFolder(path, "reader");
        var search = folder.Latest(spec: null, fingerprint: null);
        var manifest =
            search.Latest
            ?? throw new InvalidInputException(
                search.WhyNone is { } why
                    ? $"{path} has no checkpoint that can be used: {why}"
                    : $"{path} has no checkpoint: a run takes them every checkpoint.everySlots slots (0: never) and at its end."
            );
        return new RunCheckpoint(
            manifest.Run,
            SpecReader.Parse(manifest.Spec, path),
            manifest,
            [.. manifest.Files.Select(file => folder.ReadTensors(manifest.Id, file).Tensors)]
        );
    }
}
