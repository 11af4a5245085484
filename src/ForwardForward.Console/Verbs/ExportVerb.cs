using System.CommandLine;
using System.Text.Json;
using ForwardForward.Console.Clusters;
using ForwardForward.Console.CommandLine;
using ForwardForward.Console.Predictions;
using ForwardForward.Console.Predictions.Onnx;
using ForwardForward.Learning;

namespace ForwardForward.Console.Verbs;

/// <summary>Hands a network to other programs.</summary>
internal static class ExportVerb
{
    private static readonly Argument<string> Run = new Argument<string>("RUN")
    {
        Description = "Name of a run here or on a cluster, or its folder; it may still be training.",
    }.WithRuns();
    private static readonly Option<ExportFormat?> Format = Options.Choice<ExportFormat>(
        "--format",
        "safetensors: the weights; onnx: the network from pictures to answers. Default: what FILE ends with, else safetensors."
    );
    private static readonly Option<string?> To = Options.Text("-o", "FILE", "Where to; default: RUN.safetensors or RUN.onnx.");
    private static readonly ClusterOptions Cluster = new();
    private static readonly Option<bool> AsJson = Options.Json();

    public static Verb Command()
    {
        var command = new Verb(
            "export",
            "Writes the network of a run's newest checkpoint as one file for other programs: its weights, or an ONNX model.",
            "./ff export supervised-1 -o model.onnx"
        )
        {
            Run,
            Format,
            To,
            Cluster.Address,
            Cluster.Id,
            Cluster.Tls,
            AsJson,
        };
        command.SetAction(Export);
        return command;
    }

    private static async Task<int> Export(ParseResult parsed, CancellationToken interrupted)
    {
        var (checkpoint, preset) = await Newest(parsed, parsed.GetRequiredValue(Run), interrupted);
        var format = parsed.GetValue(Format) ?? Meant(parsed.GetValue(To));
        var file = parsed.GetValue(To) ?? $"{checkpoint.Run}.{format.ToString().ToLowerInvariant()}";
        var content = format == ExportFormat.Onnx ? [OnnxModel.Write(checkpoint, preset)] : ExportedWeights.Safetensors(checkpoint);
        var bytes = WholeFile.TryCreate(file, content) ?? throw new InvalidInputException($"{file} is there already, expected a new file.");
        var what = format == ExportFormat.Onnx ? "network" : "weights";
        parsed.InvocationConfiguration.Output.WriteLine(
            parsed.GetValue(AsJson)
                ? JsonSerializer.Serialize(
                    new
                    {
                        checkpoint.Run,
                        checkpoint.Manifest.Slot,
                        file,
                        bytes,
                    },
                    Json.OneLine
                )
                : $"{file}: the {what} after slot {checkpoint.Manifest.Slot}, {bytes} bytes"
        );
        return ExitCode.Done;
    }

    private static ExportFormat Meant(string? file) =>
        string.Equals(Path.GetExtension(file), ".onnx", StringComparison.OrdinalIgnoreCase) ? ExportFormat.Onnx : ExportFormat.Safetensors;

    private static async Task<(RunCheckpoint Checkpoint, string? Preset)> Newest(
        ParseResult parsed,
        string run,
        CancellationToken interrupted
    )
    {
        if (RunCheckpoint.IsFolderOfMany(run))
        {
            return (RunCheckpoint.Open(run), null);
        }

        await using var found = await new RunSearch(Cluster, parsed, interrupted).Find(run);
        var checkpoint = found.Run.IsOfHere
            ? RunCheckpoint.Open(found.Run.Output!)
            : await new ClusterCheckpoints(found.Leader).Newest(found.Name, interrupted);
        return (checkpoint, found.Run.Preset);
    }
}
