using System.Text.Json;
using System.Text.Json.Nodes;
using ForwardForward.Console.CommandLine;
using ForwardForward.Console.Sweeps;
using ForwardForward.Contracts.Experiments;
using ForwardForward.Learning;

namespace ForwardForward.Console.Runs;

/// <summary>
/// Gives a run of this machine another name: its folder, and what tells of it there. Checkpoints stay as they were written; which run they
/// are of says the folder.
/// </summary>
internal static class RunRenaming
{
    /// <param name="run">Of a folder of this machine.</param>
    /// <returns>The run under its new name.</returns>
    /// <exception cref="InvalidInputException">
    /// The name is none or taken, the run is running, or the folder may not be moved; nothing is changed.
    /// </exception>
    public static RunSummary Rename(RunSummary run, string name)
    {
        var folder = RestingRun.Require(run, leaving: []);
        var parent = Path.GetDirectoryName(folder)!;
        if (File.Exists(Path.Combine(parent, SweepFolder.PlanFile)))
        {
            throw new InvalidInputException(
                $"The run '{run.Run}' is a trial of the sweep in {parent}, which knows it by that name, expected a run of its own."
            );
        }

        var target = Path.Combine(parent, RunName.Check(name));
        if (Path.Exists(target))
        {
            throw new InvalidInputException($"{target} is there already, expected a name that is free.");
        }

        using var held = RunFolder.Reclaim(folder);
        Tell(folder, name, target); // first: where this is cut short, the run is found by its folder, and the same command finishes it
        try
        {
            held.MoveTo(target);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Tell(folder, run.Run, folder);
            throw new InvalidInputException(
                $"{folder} cannot become {target} ({e.Message.TrimEnd('.')}), expected a folder that can be moved.",
                e
            );
        }

        return RunList.Find(target, parent);
    }

    private static void Tell(string folder, string name, string output)
    {
        Change(Path.Combine(folder, RunFolder.SummaryFile), file => file);
        Change(Path.Combine(folder, RunBulletin.FileName), file => file["run"] as JsonObject);

        void Change(string path, Func<JsonObject, JsonObject?> run)
        {
            if (!File.Exists(path))
            {
                return;
            }

            var (file, told) = Read(path) is { } whole ? (whole, run(whole)) : (null, null);
            if (told is null)
            {
                throw new InvalidInputException($"{path} cannot be read, expected what a run writes there.");
            }

            (told["run"], told["output"]) = (name, output);
            WholeFile.Replace(path, file!.ToJsonString(Json.Indented) + "\n");
        }
    }

    private static JsonObject? Read(string path)
    {
        try
        {
            return JsonNode.Parse(File.ReadAllText(path)) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
