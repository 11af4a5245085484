using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Help;
using ForwardForward.Console.Verbs;

namespace ForwardForward.Console.CommandLine;

internal static class FFCommand
{
    // Response files would turn an argument that starts with @ into a file's content.
    private static readonly ParserConfiguration Configuration = new() { ResponseFileTokenReplacer = null };

    public static ParseResult Parse(string[] args)
    {
        var root = new CalledCommand("Trains networks with the Forward-Forward algorithm, every layer an actor.", args)
        {
            TrainVerb.Command(),
            SweepVerb.Command(),
            PresetsVerb.Command(),
            DataVerb.Command(),
            RunsVerb.Command(),
            WatchVerb.Watch(),
            WatchVerb.Stop(),
            ResumeVerb.Command(),
            PredictVerb.Command(),
            TeachVerb.Command(),
            ReportVerb.Command(),
            CompareVerb.Command(),
            ReproduceVerb.Command(),
            ExportVerb.Command(),
            ClusterVerb.Command(),
            BenchVerb.Command(),
            DoctorVerb.Command(),
            ConformanceVerb.Command(),
            CompletionVerb.Command(),
        };
        root.Options.Add(Plugins.Option);
        root.Directives.OfType<SuggestDirective>().Single().Action = new SuggestedWords();
        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithExample((HelpAction)help.Action!);
        return root.Parse(args, Configuration);
    }
}
