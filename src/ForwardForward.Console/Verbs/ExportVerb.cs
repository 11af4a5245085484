using System.CommandLine;
using System.Text.Json;
using ForwardForward.Console.Clusters;
using ForwardForward.Console.CommandLine;
using ForwardForward.Console.Predictions;

namespace ForwardForward.Console.Verbs;

/// <summary>Hands a network's weights to other programs.</summary>
internal static class ExportVerb
{
    private static readonly Argument<string> Run = new("RUN") { Description = "Name of a run here or on a cluster, or its folder; it may still be training." };
    private static readonly Option<string?> To = Options.Text("-o", "FILE", "Where to; default: RUN.safetensors.");
    private static readonly ClusterOptions Cluster = new();
    private static readonly Option<bool> AsJson = Options.Json();

    public static Verb Command()
    {
        var command = new Verb("export", "Writes the weights of a run's newest checkpoint as one safetensors file.", "./ff export supervised-1 -o model.safetensors") { Run, To, Cluster.Address, Cluster.Id, Cluster.Tls, AsJson };
        command.SetAction(async (parsed, interrupted) =>
        {
            var checkpoint = await Newest(parsed, parsed.GetRequiredValue(Run), interrupted);
            var file = parsed.GetValue(To) ?? $"{checkpoint.Run}.safetensors";
            var bytes = ExportedWeights.Write(checkpoint, file);
            var output = parsed.InvocationConfiguration.Output;
            output.WriteLine(parsed.GetValue(AsJson)
                ? JsonSerializer.Serialize(new { checkpoint.Run, checkpoint.Manifest.Slot, file, bytes }, Json.OneLine)
                : $"{file}: the weights after slot {checkpoint.Manifest.Slot}, {bytes} bytes");
            return ExitCode.Done;
        });
        return command;
    }

    private static async Task<RunCheckpoint> Newest(ParseResult parsed, string run, CancellationToken interrupted)
    {
        if (RunCheckpoint.IsFolderOfMany(run))
        {
            return RunCheckpoint.Open(run);
        }

        await using var found = await new RunSearch(Cluster, parsed, interrupted).Find(run);
        return found.Run.IsOfHere ? RunCheckpoint.Open(found.Run.Output!) : await new ClusterCheckpoints(found.Leader).Newest(found.Name, interrupted);
    }
}
