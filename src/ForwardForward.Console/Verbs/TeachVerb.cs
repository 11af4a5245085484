using System.CommandLine;
using System.Text.Json;
using ForwardForward.Console.Clusters;
using ForwardForward.Console.CommandLine;
using ForwardForward.Console.Predictions;
using ForwardForward.Console.Runs;
using ForwardForward.Contracts.Experiments;
using ForwardForward.Learning;

namespace ForwardForward.Console.Verbs;

/// <summary>Teaches a run on a cluster while it trains, and tells and takes back what was taught.</summary>
internal static class TeachVerb
{
    private static readonly Argument<string> Run = new Argument<string>("RUN") { Description = "Name of a run." }.WithRuns();
    private static readonly Argument<string[]> Images = new("IMAGE")
    {
        Description = "PNG or JPEG of any size, a folder of them, or an IDX file of images.",
        Arity = ArgumentArity.ZeroOrMore,
    };
    private static readonly Option<int?> Label = Options.Whole("--label", "What the images show, from 0.", 0, byte.MaxValue);
    private static readonly Option<bool> List = new("--list") { Description = "Print the run's journal: a line of JSON for each lesson." };
    private static readonly Option<string?> TakeBack = Options.Text("--take-back", "ID", "Show this lesson no more.");
    private static readonly ClusterOptions Cluster = new();
    private static readonly Option<bool> AsJson = Options.Json();

    public static Verb Command()
    {
        var command = new Verb(
            "teach",
            "Shows images with their label to a run that trains on a cluster: it learns them on the way.",
            "./ff teach supervised-quick-1 seven.png --label 7"
        )
        {
            Run,
            Images,
            Label,
            List,
            TakeBack,
            Cluster.Address,
            Cluster.Id,
            Cluster.Tls,
            AsJson,
        };
        command.SetAction(Teach);
        return command;
    }

    private static async Task<int> Teach(ParseResult parsed, CancellationToken interrupted)
    {
        var (images, label, lesson) = (parsed.GetValue(Images) ?? [], parsed.GetValue(Label), parsed.GetValue(TakeBack));
        var asked = new[] { images.Length > 0 || label is not null, parsed.GetValue(List), lesson is not null };
        if (asked.Count(one => one) != 1)
        {
            throw new InvalidInputException("teach expects one of: images with --label N, --list, or --take-back ID.");
        }

        if (asked[0] && (images.Length == 0 || label is null))
        {
            throw new InvalidInputException(
                label is null
                    ? "--label is missing, expected what the images show."
                    : "No image is given, expected what --label is the label of."
            );
        }

        await using var found = await new RunSearch(Cluster, parsed, interrupted).Find(parsed.GetRequiredValue(Run));
        if (parsed.GetValue(List))
        {
            var lessons = found.Run.IsOfHere ? LessonFile.Of(found.Run.Output!) : await new ClusterRuns(found.Leader).Lessons(found.Name);
            parsed.InvocationConfiguration.Output.Write(LessonJournal.WriteLines(lessons));
            return ExitCode.Done;
        }

        if (found.Run.IsOfHere)
        {
            throw new InvalidInputException(
                $"The run '{found.Name}' is of this machine's {RunFolder.Runs}, expected one on a cluster; "
                    + "one of `train --live` is taught on its page."
            );
        }

        var runs = new ClusterRuns(found.Leader);
        if (lesson is not null)
        {
            Print(parsed, [await runs.TakeBack(found.Name, lesson)]);
            return ExitCode.Done;
        }

        return await Teach(parsed, runs, found.Name, images, label!.Value, interrupted);
    }

    private static async Task<int> Teach(
        ParseResult parsed,
        ClusterRuns runs,
        string run,
        string[] paths,
        int label,
        CancellationToken interrupted
    )
    {
        var (spec, pixels) = await runs.Takes(run);
        var images = new ImageFiles(spec, pixels, null).Read(paths);
        foreach (var refused in images.Where(image => image.Pixels is null))
        {
            parsed.InvocationConfiguration.Error.WriteLine(refused.Refusal!.ReplaceLineEndings(" "));
        }

        var receipts = new List<LessonReceipt>();
        try
        {
            foreach (var image in images.Where(image => image.Pixels is not null))
            {
                if (interrupted.IsCancellationRequested)
                {
                    return ExitCode.Interrupted;
                }

                var who = $"{Environment.UserName}@{Environment.MachineName}";
                receipts.Add(await runs.Teach(run, new Lesson(Guid.NewGuid().ToString("N"), image.Pixels!, label) { Who = who }));
            }
        }
        finally
        {
            Print(parsed, receipts); // also where one is refused after others were taken
        }

        return receipts.Count == images.Count ? ExitCode.Done : ExitCode.InvalidInput;
    }

    private static void Print(ParseResult parsed, IReadOnlyList<LessonReceipt> receipts)
    {
        var output = parsed.InvocationConfiguration.Output;
        if (parsed.GetValue(AsJson))
        {
            var accepted = receipts.Select(receipt => new { id = receipt.Lesson.Id, slot = receipt.Lesson.Slot });
            output.WriteLine(JsonSerializer.Serialize(new { accepted }, Json.OneLine));
            return;
        }

        foreach (var lesson in receipts.Select(receipt => receipt.Lesson))
        {
            output.WriteLine(
                lesson.TakenBack is { } batch
                    ? $"{lesson.Id} is shown no more from mini-batch {batch} on"
                    : $"{lesson.Id} is a {lesson.Label}, and enters with slot {lesson.Slot}"
            );
        }
    }
}
