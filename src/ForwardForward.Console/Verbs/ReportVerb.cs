using System.CommandLine;
using System.Text.Json;
using ForwardForward.Console.CommandLine;
using ForwardForward.Console.Reports;
using ForwardForward.Console.Runs;
using ForwardForward.Learning;

namespace ForwardForward.Console.Verbs;

/// <summary>Shows a run on one page of HTML.</summary>
internal static class ReportVerb
{
    private const string DefaultName = "report.html";
    private static readonly Argument<string> Run = new("RUN") { Description = "Name of a run in ./runs, or its folder; it may still be training." };
    private static readonly Option<string?> To = Options.Text("-o", "FILE", $"Where to; default: {DefaultName} in the run's folder.");
    private static readonly Option<string?> Checkpoints = Options.Text("--checkpoints", "DIR", "Folder of the run's checkpoints, as the silos of a cluster keep one for each run; default: the run's own.");
    private static readonly Option<bool> AsJson = Options.Json();

    public static Verb Command()
    {
        var command = new Verb("report", "Writes one self-contained HTML file about a run: curves, pictures, mistakes, where it ran.", "./ff report supervised-quick-1") { Run, To, Checkpoints, AsJson };
        command.SetAction(parsed =>
        {
            var run = RunList.Find(parsed.GetRequiredValue(Run), RunFolder.Runs);
            var file = parsed.GetValue(To) ?? Path.Combine(run.Output!, DefaultName);
            WholeFile.Replace(file, new ReportPage(RunReport.Of(run, parsed.GetValue(Checkpoints))).Html());
            var output = parsed.InvocationConfiguration.Output;
            output.WriteLine(parsed.GetValue(AsJson) ? JsonSerializer.Serialize(new { run.Run, report = Path.GetFullPath(file) }, Json.OneLine) : $"{file}: open it in a browser");
            return ExitCode.Done;
        });
        return command;
    }
}
