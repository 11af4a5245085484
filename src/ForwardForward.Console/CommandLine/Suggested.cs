using System.CommandLine;
using System.CommandLine.Completions;
using ForwardForward.Console.Runs;
using ForwardForward.Console.Sweeps;
using ForwardForward.Experiments.Data;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Console.CommandLine;

/// <summary>The words that a shell suggests for arguments and options, looked up when it asks.</summary>
internal static class Suggested
{
    private static readonly string[] Truths = ["true", "false"];

    /// <summary>Those of the runs in ./runs.</summary>
    public static Argument<T> WithRuns<T>(this Argument<T> argument) => With(argument, _ => Runs());

    public static Option<T> WithRuns<T>(this Option<T> option) => With(option, _ => Runs());

    public static Argument<T> WithPresets<T>(this Argument<T> argument) => With(argument, _ => Presets.Names);

    /// <summary>Those of the sweeps in ./runs.</summary>
    public static Option<T> WithSweeps<T>(this Option<T> option) => With(option, _ => SweepFolder.Names);

    public static Argument<T> With<T>(this Argument<T> argument, IEnumerable<string> words) => With(argument, _ => words);

    public static Argument<T> WithDataSets<T>(this Argument<T> argument) => With(argument, _ => DataSets());

    public static Option<T> WithDataSets<T>(this Option<T> option) => With(option, _ => DataSets());

    public static Option<T> With<T>(this Option<T> option, IEnumerable<string> words) => With(option, _ => words);

    /// <summary>Paths of the spec's fields, each with an equals sign; after it what the field may be.</summary>
    public static Option<T> WithSpecFields<T>(this Option<T> option) => With(option, context => Fields(context.WordToComplete));

    private static Argument<T> With<T>(Argument<T> argument, Func<CompletionContext, IEnumerable<string>> words)
    {
        argument.HelpName = argument.Name; // or help would list all words that may stand there
        argument.CompletionSources.Add(context => words(context).Select(word => new CompletionItem(word)));
        return argument;
    }

    private static Option<T> With<T>(Option<T> option, Func<CompletionContext, IEnumerable<string>> words)
    {
        option.CompletionSources.Clear(); // an enum's, in letters that we do not use
        option.CompletionSources.Add(context => words(context).Select(word => new CompletionItem(word)));
        return option;
    }

    private static IEnumerable<string> DataSets() =>
        new DataSets(Experiments.Data.DataSets.DefaultCacheFolder).List().Select(data => data.Name);

    // By their files alone: what is in them takes longer to read than a person waits for a word.
    private static IEnumerable<string> Runs() =>
        Directory.Exists(RunFolder.Runs)
            ? Directory
                .EnumerateDirectories(RunFolder.Runs)
                .Where(folder => File.Exists(Path.Combine(folder, RunFolder.SpecFile)))
                .Select(folder => Path.GetFileName(folder))
            : [];

    private static IEnumerable<string> Fields(string begun) =>
        begun.Split('=') is [var path, _, ..]
            ? Values(SpecFields.Find(path)).Select(value => $"{path}={value}")
            : Paths("", SpecFields.Spec).Select(field => $"{field}=");

    private static IEnumerable<string> Paths(string before, SpecField field) =>
        field is GroupField group
            ? group.Fields.SelectMany(inner => Paths(before.Length == 0 ? inner.Name : $"{before}.{inner.Name}", inner))
            : [before];

    private static IEnumerable<string> Values(SpecField? field) =>
        field switch
        {
            ChoiceField choice => choice.Choices,
            FlagField => Truths,
            TextField { Name: "dataset" } => DataSets(),
            _ => [],
        };
}
