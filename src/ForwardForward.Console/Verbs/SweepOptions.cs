using System.CommandLine;
using ForwardForward.Console.CommandLine;
using ForwardForward.Console.Sweeps;
using ForwardForward.Console.Training;
using ForwardForward.Learning;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Console.Verbs;

/// <summary>The options that say what a sweep tries.</summary>
internal static class SweepOptions
{
    private static readonly Argument<string?> Experiment = new Argument<string?>("PRESET or SPEC.json")
    {
        Description = "A built-in experiment or a file with a spec.",
        Arity = ArgumentArity.ZeroOrOne,
    }.WithPresets();

    private static readonly Option<string[]> Grid = new Option<string[]>(GridField.Option)
    {
        Description =
            "Try each of these values, as in optimizer.learningRate=0.01,0.02; lists in brackets; repeatable: all with all others.",
        HelpName = "path=a,b",
    }.WithSpecFields();
    private static readonly Option<string[]> Random = new Option<string[]>(RandomField.Option)
    {
        Description =
            "Draw from a range, as in optimizer.learningRate=0.001..0.1:log, where :log makes equal ratios equally likely; repeatable.",
        HelpName = "path=low..high",
    }.WithSpecFields();
    private static readonly Option<int?> Trials = Options.Whole(
        "--trials",
        "With --random so many draws, each at the next point of the grid (default: 10, or one for each point); without it so many "
            + "points of the grid, drawn (default: all).",
        1,
        1_000_000
    );
    private static readonly Option<int?> Draw = Options.Whole(
        "--draw",
        "Seed of what is drawn, the same on every machine; default: 1.",
        0,
        int.MaxValue
    );
    private static readonly Option<string?> Seeds = Options.Text("--seeds", "1..5", "Seeds to try everything with, as in 1..5 or 1,3,7.");
    private static readonly Option<bool> Halving = new("--halving")
    {
        Description =
            "Train all for a ninth of the epochs, the best third of them anew for a third, and of those the best third anew for all.",
    };
    private static readonly Option<int?> HoldOut = Options.Whole(
        "--hold-out",
        "Judge by so many training images, from the last, which are not learned from; default: the spec's holdOut, else a sixth of "
            + "them, at most 10,000.",
        1,
        int.MaxValue
    );
    private static readonly Option<bool> Test = new("--test")
    {
        Description = "Judge by the test images, which then are no measure of the best any more.",
    };
    private static readonly Option<string[]> Set = new Option<string[]>("--set")
    {
        Description = "Set a field in all trials, as in trainImages=6000; repeatable.",
        HelpName = "path=value",
    }.WithSpecFields();
    private static readonly Option<int?> Epochs = Options.Whole("--epochs", "Passes over the training images.", 1, 100_000);
    private static readonly Option<Precision?> Precision = Options.Choice<Precision>("--precision", "Precision of the matrix products.");
    private static readonly Option<string?> Data = Options
        .Text("--data", "NAME or DIR", "A data set by name, or a folder with IDX files.")
        .WithDataSets();
    private static readonly Option<bool> Transpose = new("--transpose") { Description = "Turn pictures stored by columns, as EMNIST's." };

    public static void AddTo(Command command)
    {
        command.Arguments.Add(Experiment);
        foreach (var option in All)
        {
            command.Options.Add(option);
        }
    }

    /// <exception cref="InvalidInputException">Nothing says what is to be swept.</exception>
    public static SweepRequest Request(ParseResult parsed, string? cluster) =>
        new(
            new TrainRequest
            {
                Experiment =
                    parsed.GetValue(Experiment)
                    ?? throw new InvalidInputException("PRESET or SPEC.json is missing, expected what is to be tried, or --resume."),
                Set = parsed.GetValue(Set) ?? [],
                Epochs = parsed.GetValue(Epochs),
                Precision = parsed.GetValue(Precision),
                Data = parsed.GetValue(Data),
                Transpose = parsed.GetValue(Transpose),
            }
        )
        {
            Grid = parsed.GetValue(Grid) ?? [],
            Random = parsed.GetValue(Random) ?? [],
            Trials = parsed.GetValue(Trials),
            Draw = parsed.GetValue(Draw) ?? 1,
            Seeds = parsed.GetValue(Seeds),
            Halving = parsed.GetValue(Halving),
            HoldOut = parsed.GetValue(HoldOut),
            JudgesByTest = parsed.GetValue(Test),
            Cluster = cluster,
        };

    /// <summary>What says what is to be tried although the sweep is there already; null where nothing does.</summary>
    public static string? Given(ParseResult parsed) =>
        parsed.GetValue(Experiment) is { } experiment
            ? $"'{experiment}'"
            : All.FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false })?.Name;

    private static IReadOnlyList<Option> All =>
        [Grid, Random, Trials, Draw, Seeds, Halving, HoldOut, Test, Set, Epochs, Precision, Data, Transpose];
}
