using ForwardForward.Console.Rendering;
using ForwardForward.Console.Runs;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace ForwardForward.Console.Sweeps;

/// <summary>Draws a sweep in place on a terminal: a line for each trial, as many as that has room for.</summary>
/// <param name="isBehind">Whether the terminal has not yet taken what was drawn before; null: it always has.</param>
internal sealed class LiveSweepView(IAnsiConsole console, SweepProgress progress, Func<bool>? isBehind = null) : ISweepView
{
    private const int LinesBesides = 6; // the table's frame, the counts, the cursor
    private const int FewestTrials = 3;
    private readonly Lock _lock = new();
    private LiveDisplayContext? _live;

    public Task During(Func<Task> sweep) =>
        console
            .Live(Render())
            .Overflow(VerticalOverflow.Ellipsis)
            .StartAsync(live =>
            {
                _live = live;
                return sweep();
            });

    public void Expects(int left) => Changed();

    public void Ended(TrialResult result) => Draw();

    public void Changed()
    {
        if (isBehind?.Invoke() != true)
        {
            Draw();
        }
    }

    /// <summary>The sweep as it is now.</summary>
    public IRenderable Render()
    {
        var (results, ranking) = (progress.Results, progress.Ranking);
        var title = new Markup(
            $"[bold]{Markup.Escape(progress.Name)}[/] [grey]{Markup.Escape(progress.Plan.Experiment)} · "
                + $"{Markup.Escape(SweepWords.Of(progress.Plan))}[/]"
        );
        var free = console.Profile.Height - LinesBesides - Segment.SplitLines(((IRenderable)title).GetSegments(console)).Count;
        var shown = Shown(results, ranking, Math.Max(FewestTrials, free));
        return new Rows(title, Table(shown, ranking), new Markup(Markup.Escape(Counts(results, results.Count - shown.Count))));
    }

    /// <summary>Those that are shown, in their order: what runs, then the best, then what comes next.</summary>
    public static IReadOnlyList<TrialResult> Shown(IReadOnlyList<TrialResult> results, Ranking ranking, int room)
    {
        var places = ranking
            .Standings.SelectMany((one, place) => one.Results.Select(result => (result.Folder, Place: place)))
            .ToDictionary(one => one.Folder, one => one.Place);
        return
        [
            .. results
                .Select((result, i) => (result, i))
                .OrderBy(one => Rank(one.result))
                .ThenBy(one => one.result.IsDone ? places.GetValueOrDefault(one.result.Folder, int.MaxValue) : 0)
                .ThenBy(one => one.i)
                .Take(room)
                .OrderBy(one => one.i)
                .Select(one => one.result),
        ];
    }

    private void Draw()
    {
        lock (_lock)
        {
            _live?.UpdateTarget(Render());
        }
    }

    private static int Rank(TrialResult result) =>
        result.State switch
        {
            RunStates.Done => 1,
            TrialResult.Waiting => 2,
            RunStates.Failed => 3,
            _ => 0,
        };

    private Table Table(IReadOnlyList<TrialResult> shown, Ranking ranking)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumn("trial", column => column.RightAligned().NoWrap());
        foreach (var field in progress.Plan.Fields)
        {
            table.AddColumn(Markup.Escape(Heading(field)), column => column.RightAligned().NoWrap());
        }

        foreach (var heading in new[] { "seed", "epoch", "fast", "by goodness", "time" })
        {
            table.AddColumn(heading, column => column.RightAligned().NoWrap());
        }

        table.AddColumn("state", column => column.NoWrap());
        foreach (var result in shown)
        {
            var isBest = ranking.Best?.Trial == result.Trial && ranking.Best.Results.Contains(result);
            table.AddRow([.. Cells(result).Select(cell => Styled(cell, result, isBest)), State(result, isBest)]);
        }

        return table;
    }

    // The last name of its path, where no other field has the same.
    private string Heading(string field) =>
        field.Split('.')[^1] is var name && progress.Plan.Fields.Count(other => other.Split('.')[^1] == name) == 1 ? name : field;

    private IEnumerable<string> Cells(TrialResult result) =>
        [
            $"{result.Trial}",
            .. progress.Plan.Fields.Select(field => FieldPath.Text(result.Fields[field])),
            $"{result.Seed}",
            $"{progress.Running(result)?.Status.Epoch ?? (result.IsDone ? result.Epochs : 0)}/{result.Epochs}",
            Texts.Percent(result.HeldOutErrorFast),
            Texts.Percent(result.HeldOutErrorGoodness),
            result.State == TrialResult.Waiting ? Texts.None : Texts.Duration(TimeSpan.FromSeconds(result.Seconds)),
        ];

    private static string Styled(string cell, TrialResult result, bool isBest) =>
        isBest ? $"[bold green]{Markup.Escape(cell)}[/]"
        : result.State is TrialResult.Waiting ? $"[grey]{Markup.Escape(cell)}[/]"
        : Markup.Escape(cell);

    private static string State(TrialResult result, bool isBest) =>
        isBest ? "[bold green]best[/]"
        : result.State == RunStates.Failed ? "[red]failed[/]"
        : result.State == TrialResult.Waiting ? ""
        : result.State;

    private static string Counts(IReadOnlyList<TrialResult> results, int folded)
    {
        var counts = results
            .GroupBy(result => result.State)
            .OrderBy(state => state.Key == TrialResult.Waiting ? 1 : 0)
            .Select(state => $"{state.Count()} {state.Key}");
        return $"{string.Join(", ", counts)}{(folded > 0 ? $"; {folded} not shown" : "")}";
    }
}
