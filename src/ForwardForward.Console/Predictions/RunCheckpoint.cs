using ForwardForward.Console.Runs;
using ForwardForward.Learning;
using ForwardForward.Learning.Checkpoints;
using ForwardForward.Learning.Layers;
using ForwardForward.Learning.Native;
using ForwardForward.Learning.Predictions;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Console.Predictions;

/// <summary>The newest whole checkpoint of a run of this machine, finished or not.</summary>
/// <param name="Run">Its name.</param>
/// <param name="Spec">Resolved.</param>
/// <param name="Manifest">Of the checkpoint.</param>
/// <param name="Stages">State of every layer from the bottom up, then the readout's.</param>
internal sealed record RunCheckpoint(string Run, ExperimentSpec Spec, CheckpointManifest Manifest, IReadOnlyList<IReadOnlyList<StateTensor>> Stages)
{
    private const int Tries = 3; // a run that goes on may remove what was just found

    /// <param name="nameOrFolder">Of a run in ./runs, or a run's folder.</param>
    /// <exception cref="InvalidInputException">There is no such run, or it has no checkpoint that can be read.</exception>
    public static RunCheckpoint Open(string nameOrFolder)
    {
        var run = RunList.Find(nameOrFolder, RunFolder.Runs);
        var spec = SpecReader.ReadFile(Path.Combine(run.Output!, RunFolder.SpecFile));
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return Read(run, spec);
            }
            catch (CheckpointException) when (attempt < Tries)
            {
            }
            catch (CheckpointException e)
            {
                throw new InvalidInputException($"The run '{run.Run}' has no checkpoint that can be read: {e.Message}", e);
            }
        }
    }

    /// <exception cref="LibTorchUnavailableException">This machine cannot compute.</exception>
    public TrainedNetwork Network()
    {
        LibTorch.EnsureLoaded();
        return new TrainedNetwork(Spec, Stages, new Threads(Environment.ProcessorCount));
    }

    private static RunCheckpoint Read(RunSummary run, ExperimentSpec spec)
    {
        var folder = new CheckpointFolder(Path.Combine(run.Output!, RunFolder.Checkpoints), "reader");
        var search = folder.Latest(SpecReader.Write(spec), fingerprint: null);
        var manifest = search.Latest ?? throw new InvalidInputException(search.WhyNone is { } why
            ? $"The run '{run.Run}' has no checkpoint that can be used: {why}"
            : $"The run '{run.Run}' has no checkpoint, expected one that ran on layers of its own (no --reference) with checkpoint.everySlots above 0.");
        return new RunCheckpoint(run.Run, spec, manifest, [.. manifest.Files.Select(file => folder.ReadTensors(manifest.Id, file).Tensors)]);
    }
}
