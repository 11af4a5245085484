using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ForwardForward.Console.Predictions;
using ForwardForward.Console.Reports;
using ForwardForward.Experiments.Data;
using ForwardForward.Learning.Checkpoints;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Console.Tests;

/// <summary>
/// Files that the version before recipes became types has written, FilesOfVersion0: this one reads them all and goes on with its runs.
/// </summary>
/// <remarks>
/// Bits depend on the instruction set, so a state hash that is committed is one of a machine. Those here are of what every x64 processor
/// has: .NET without vector instructions, and libtorch held to the code that it has for any. Then the fingerprint is the same everywhere
/// too, and names no vendor, so nothing in the checkpoints has to be changed for them to be taken.
/// </remarks>
public sealed class FilesOfVersion0Tests : Workplace
{
    private const string OldFolder = "/tmp/version0";
    private const string Pictures = "tiny/t10k-images-idx3-ubyte";
    private static readonly string Old = Path.Combine(AppContext.BaseDirectory, "FilesOfVersion0");

    // What no network depends on: where a run and its data were, how fast it was, and what befell it.
    private static readonly string[] Circumstances =
    [
        "dataset",
        "startedAt",
        "silos",
        "plan",
        "incidents",
        "seconds",
        "samplesPerSecond",
        "matrixRateShare",
        "matrixRateLeftOut",
        "output",
        "generation",
        "recoveries",
        "redoneSlots",
    ];

    // What later versions measure besides.
    private static readonly string[] Added = ["layerErrors", "exact", "version", "versions"];

    private readonly Ff _everyX64;

    public FilesOfVersion0Tests()
    {
        _everyX64 = new Ff(Folder)
        {
            Variables = new Dictionary<string, string>
            {
                ["DOTNET_EnableHWIntrinsic"] = "0",
                ["MKL_CBWR"] = "COMPATIBLE",
                ["ATEN_CPU_CAPABILITY"] = "default",
                ["ONEDNN_MAX_CPU_ISA"] = "SSE41",
            },
        };
        foreach (var run in new[] { "supervised", "topdown", "unsupervised" })
        {
            Copy(Path.Combine(Old, run, "run"), At("runs", run));
        }
    }

    [Theory]
    [InlineData("supervised")] // paused by Ctrl+C
    [InlineData("topdown")] // killed
    [InlineData("unsupervised")] // the sequential reference, paused by Ctrl+C
    public async Task A_run_goes_on_from_its_old_checkpoint_to_the_bytes_that_the_old_version_ends_in(string run)
    {
        var fields = Fields(File.ReadAllLines(At("runs", run, "metrics.jsonl")));
        using var asked = JsonDocument.Parse(File.ReadAllText(Path.Combine(Old, run, "predict.json")));
        var checkpoint = asked.RootElement.GetProperty("slot");

        var resumed = await _everyX64.Run("resume", run, "--json");

        Assert.True(resumed.ExitCode == 0, resumed.Error);
        using var whole = JsonDocument.Parse(File.ReadAllText(Path.Combine(Old, run, "whole.json")));
        Assert.Equal(Values(whole.RootElement), Values(resumed.Json));
        var after = File.ReadAllLines(At("runs", run, "metrics.jsonl"));
        Assert.Contains(after, line => line.StartsWith($$"""{"type":"placement","slot":{{checkpoint}},""", StringComparison.Ordinal));
        Assert.Equal(Traces(File.ReadAllLines(Path.Combine(Old, run, "whole.traces.jsonl"))), Traces(after));
        Assert.All(Fields(after).Where(type => fields.ContainsKey(type.Key)), type => Assert.Equal(fields[type.Key], type.Value));
    }

    [Fact]
    public async Task A_spec_that_a_run_has_kept_trains_to_the_same_bytes()
    {
        var trained = await _everyX64.Run("train", "runs/supervised/spec.json", "--reference", "--json");

        Assert.True(trained.ExitCode == 0, trained.Error);
        using var whole = JsonDocument.Parse(File.ReadAllText(Path.Combine(Old, "supervised", "whole.json")));
        Assert.Equal(whole.RootElement.GetProperty("stateHash").GetString(), trained.Json.GetProperty("stateHash").GetString());
    }

    [Theory]
    [InlineData("layerErrors")]
    [InlineData("testErrorOfLayers")] // for a day
    public void What_layers_alone_err_on_is_read_by_either_name(string name)
    {
        File.WriteAllText(At("metrics.jsonl"), $$"""{"type":"evaluation","slot":9,"seconds":1,"epoch":1,"{{name}}":[0.5,0.25]}""" + "\n");

        Assert.Equal([0.5, 0.25], RunRecords.Read(Folder).Evaluations.Single().OwnErrors);
    }

    [Fact]
    public void A_preset_as_it_was_shown_is_the_preset_of_the_same_name()
    {
        var shown = SpecReader.ReadFile(Path.Combine(Old, "supervised-quick.json"));

        Assert.Equal(SpecReader.Write(Presets.Get("supervised-quick")), SpecReader.Write(shown));
    }

    [Theory]
    [InlineData("supervised")]
    [InlineData("topdown")]
    [InlineData("unsupervised")]
    public async Task Every_verb_reads_a_run(string run)
    {
        var answered = await FfInProcess.Run(Folder, "predict", run, Pictures, "--json");
        var shown = await FfInProcess.Run(Folder, "runs", "show", run, "--json");
        var listed = await FfInProcess.Run(Folder, "runs", "--json");
        var reported = await FfInProcess.Run(Folder, "report", run);
        var weights = await FfInProcess.Run(Folder, "export", run, "-o", "new.safetensors");
        var model = await FfInProcess.Run(Folder, "export", run, "-o", "new.onnx");

        FfResult[] verbs = [answered, shown, listed, reported, weights, model];
        Assert.Equal(verbs.Select(_ => (0, "")), verbs.Select(verb => (verb.ExitCode, verb.Error)));
        using var old = JsonDocument.Parse(File.ReadAllText(Path.Combine(Old, run, "predict.json")));
        Assert.Equal(Answers(old.RootElement), Answers(answered.Json), (one, other) => Math.Abs(one - other) < 1e-5);
        Assert.Equal(old.RootElement.GetProperty("test").GetString(), answered.Json.GetProperty("test").GetString());
        Assert.Equal(
            (run, "paused", old.RootElement.GetProperty("slot").GetInt64()),
            (
                shown.Json.GetProperty("run").GetString(),
                shown.Json.GetProperty("state").GetString(),
                shown.Json.GetProperty("lastCheckpointSlot").GetInt64()
            )
        );
        Assert.Contains(run, listed.Json.EnumerateArray().Select(one => one.GetProperty("run").GetString()));
        Assert.Contains(
            $"{shown.Json.GetProperty("fingerprint")}",
            File.ReadAllText(At("runs", run, "report.html")),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("supervised")]
    [InlineData("topdown")]
    [InlineData("unsupervised")]
    public async Task Weights_that_were_exported_are_a_network_of_the_library_and_what_this_version_exports(string run)
    {
        var file = Path.Combine(Old, run, "export.safetensors");
        using var network = FFNetwork.Load(file);
        using var predicted = JsonDocument.Parse(File.ReadAllText(Path.Combine(Old, run, "predict.json")));
        var test = new DataSets(At("cache")).Open(At("tiny")).Test;

        var exported = await FfInProcess.Run(Folder, "export", run, "-o", "new.safetensors");

        Assert.True(exported.ExitCode == 0, exported.Error);
        var (old, now) = (Tensors(file), Tensors(At("new.safetensors")));
        Assert.Equal(
            old.Tensors.Select(tensor => (tensor.Name, tensor.Rows, tensor.Columns, Convert.ToHexString(tensor.Data.Span))),
            now.Tensors.Select(tensor => (tensor.Name, tensor.Rows, tensor.Columns, Convert.ToHexString(tensor.Data.Span)))
        );
        Assert.Equal(
            old.Metadata.Where(IsNoSpec).OrderBy(entry => entry.Key, StringComparer.Ordinal),
            now.Metadata.Where(IsNoSpec).OrderBy(entry => entry.Key, StringComparer.Ordinal)
        );
        Assert.True(
            SpecReader.AreEqual(old.Metadata["spec"].Replace(OldFolder, Folder, StringComparison.Ordinal), now.Metadata["spec"]),
            now.Metadata["spec"]
        );
        Assert.Equal( // the checkpoint untouched
            old.Tensors.Select(tensor => Convert.ToHexString(tensor.Data.Span)),
            ExportedWeights
                .Of(RunCheckpoint.Read(Path.Combine(Old, run, "run", "checkpoints")))
                .Select(tensor => Convert.ToHexString(tensor.Data.Span))
        );
        Assert.Equal((64, 4, "16,16"), (network.Features, network.Classes, string.Join(',', network.Layers)));
        var answers = Enumerable.Range(0, test.Count).SelectMany(i => network.Classify(test.Pixels.AsSpan(i * 64, 64)));
        if (run != "supervised") // predict answers by both tests there
        {
            Assert.Equal(Answers(predicted.RootElement), answers.Select(p => (double)p), (one, other) => Math.Abs(one - other) < 1e-5);
        }
    }

    [Fact]
    public void Every_line_of_metrics_is_read_into_every_field_that_a_report_has_use_for()
    {
        string[] lines =
        [
            .. Directory.GetFiles(Old, "metrics.jsonl", SearchOption.AllDirectories).SelectMany(File.ReadAllLines),
            .. Directory.GetFiles(Old, "whole.traces.jsonl", SearchOption.AllDirectories).SelectMany(File.ReadAllLines),
        ];

        var records = RunRecords.Of(lines).All;

        Assert.Equal(lines.Length, records.Count);
        Assert.Equal(
            ["evaluation", "incident", "layer", "placement", "trace"],
            records.Select(record => record.Type).Distinct().Order(StringComparer.Ordinal)
        );
        var unread = new HashSet<string>();
        foreach (var (line, record) in lines.Zip(records))
        {
            var read = JsonSerializer.SerializeToElement(record, CommandLine.Json.OneLine);
            foreach (var field in JsonDocument.Parse(line).RootElement.EnumerateObject())
            {
                if (!read.TryGetProperty(field.Name, out var value))
                {
                    unread.Add(field.Name);
                }
                else
                {
                    Assert.True(JsonElement.DeepEquals(field.Value, value), $"{field} of {line} is read as {value}");
                }
            }
        }

        Assert.Equal(["kind", "sha256", "silos"], unread.Order(StringComparer.Ordinal));
    }

    private static SafetensorsContent Tensors(string file)
    {
        using var stream = File.OpenRead(file);
        return Safetensors.Read(stream, stream.Length, file);
    }

    private static bool IsNoSpec(KeyValuePair<string, string> metadata) => metadata.Key != "spec";

    private static double[] Answers(JsonElement predicted) =>
        [
            .. predicted
                .GetProperty("predictions")
                .EnumerateArray()
                .SelectMany(one => one.GetProperty("probabilities").EnumerateArray())
                .Select(p => p.GetDouble()),
        ];

    // Of a summary's fields those that the run computes.
    private static SortedDictionary<string, string> Values(JsonElement summary) =>
        new(
            summary
                .EnumerateObject()
                .Where(field => !Circumstances.Contains(field.Name) && !Added.Contains(field.Name))
                .ToDictionary(field => field.Name, field => field.Value.ToString())
        );

    private static string[] Traces(IEnumerable<string> lines) =>
        [
            .. lines
                .Select(line => JsonDocument.Parse(line).RootElement)
                .Where(line => line.GetProperty("type").GetString() == "trace")
                .Select(line => $"{line.GetProperty("slot")} {line.GetProperty("sha256")}"),
        ];

    // Of each type of line the names that there were.
    private static Dictionary<string, string> Fields(IEnumerable<string> lines) =>
        lines
            .Select(line => JsonDocument.Parse(line).RootElement)
            .GroupBy(line => line.GetProperty("type").GetString()!)
            .ToDictionary(
                type => type.Key,
                type =>
                    string.Join(
                        ' ',
                        type.Select(line => string.Join(',', line.EnumerateObject().Select(field => field.Name).Except(Added))).Distinct()
                    )
            );

    // The data are in another folder than they were, which spec, summary and manifest name; files that are no JSON name none.
    private void Copy(string from, string to)
    {
        foreach (var file in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            var text = Path.GetExtension(file) == ".json" ? File.ReadAllText(file) : "";
            if (text.Length == 0)
            {
                File.Copy(file, copy);
            }
            else
            {
                File.WriteAllText(copy, Sealed(text.Replace(OldFolder, Folder, StringComparison.Ordinal)));
            }
        }
    }

    // As a manifest is by its format, whatever writes it: its last property is the SHA-256 of all before.
    private static string Sealed(string json)
    {
        const string Seal = ",\n  \"manifestSha256\": \"";
        return json.IndexOf(Seal, StringComparison.Ordinal) is >= 0 and var end
            ? $"{json[..end]}{Seal}{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(json[..end])))}\"\n}}\n"
            : json;
    }
}
