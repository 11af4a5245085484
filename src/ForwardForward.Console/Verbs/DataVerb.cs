using System.CommandLine;
using System.Text.Json;
using ForwardForward.Console.CommandLine;
using ForwardForward.Experiments.Data;
using ForwardForward.Learning.Data;

namespace ForwardForward.Console.Verbs;

internal static class DataVerb
{
    public static Verb Command()
    {
        var json = Options.Json();
        var command = new Verb("data", "Lists the data sets that are known by name and where they are.", "./ff data") { json, Get() };
        command.SetAction(parsed => List(parsed.InvocationConfiguration.Output, parsed.GetValue(json)));
        return command;
    }

    private static Verb Get()
    {
        var name = new Argument<string>("NAME") { Description = "Name of a data set." }.WithDataSets();
        var json = Options.Json();
        var command = new Verb(
            "get",
            "Fetches a data set into the cache ($FF_DATA, else the user's cache folder) and verifies it.",
            "./ff data get mnist"
        )
        {
            name,
            json,
        };
        command.SetAction(
            (parsed, interrupted) =>
                Task.Run(() => Fetch(parsed, parsed.GetRequiredValue(name), parsed.GetValue(json), interrupted), CancellationToken.None)
        );
        return command;
    }

    private static void List(TextWriter output, bool json)
    {
        var all = new DataSets(DataSets.DefaultCacheFolder).List();
        if (json)
        {
            output.WriteLine(JsonSerializer.Serialize(all, Json.OneLine));
            return;
        }

        var width = all.Max(data => data.Name.Length);
        foreach (var data in all)
        {
            var where = data.Complete ? $"in {data.Folder}" : $"not here yet, `{Called.Name} data get {data.Name}` fetches it";
            output.WriteLine($"{data.Name.PadRight(width)}  {data.Description}; {where}");
        }

        output.WriteLine($"{"FOLDER".PadRight(width)}  any folder with {string.Join(", ", IdxFolder.Files)}, each plain or .gz");
        output.WriteLine(
            $"{"".PadRight(width)}  or with CIFAR's binary files: data_batch_1.bin ... test_batch.bin, or train.bin and test.bin"
        );
        output.WriteLine($"{"".PadRight(width)}  or with PNG or JPEG pictures by class: train/CLASS/..., test/CLASS/...");
    }

    private static void Fetch(ParseResult parsed, string name, bool json, CancellationToken interrupted)
    {
        var streams = parsed.InvocationConfiguration;
        var folder = new DataSets(DataSets.DefaultCacheFolder).Fetch(name, streams.Error.WriteLine, interrupted);
        streams.Output.WriteLine(json ? JsonSerializer.Serialize(new { name, folder }, Json.OneLine) : $"{name} is in {folder}");
    }
}
