using ForwardForward.Console.Training;
using ForwardForward.Contracts.Experiments;
using ForwardForward.Learning.Recipes;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace ForwardForward.Console.Rendering;

/// <summary>Draws a run in place on a terminal, in as many lines and columns as that has.</summary>
/// <param name="isBehind">Whether the terminal has not yet taken what was drawn before; null: it always has.</param>
internal sealed class LiveView(IAnsiConsole console, RunProgress progress, Func<bool>? isBehind = null) : IRunView
{
    private const int WidestBar = 40;
    private const int NarrowestBar = 10;
    private const int BesidesBar = 50;
    private const int MinWidthForBars = 64;
    private const int ShownIncidents = 3;

    public Task<RunStatus> During(Func<Action<RunUpdate>, Task<RunStatus>> run) =>
        console
            .Live(Render())
            .Overflow(VerticalOverflow.Ellipsis)
            .StartAsync(live =>
                run(news =>
                {
                    if (news.Status.IsOver || isBehind?.Invoke() != true)
                    {
                        live.UpdateTarget(Render());
                    }
                })
            );

    /// <summary>The run as it is now.</summary>
    public IRenderable Render()
    {
        var (above, below) = (new Rows([Title(), Bars(), .. News()]), new Rows([Errors(), .. Net(), .. Plots()]));
        var free = console.Profile.Height - 1 - LayerTable.FrameLines - Lines(above) - Lines(below); // the last line is the cursor's
        return new Rows(above, LayerTable.Of(progress, free, console.Profile.Width), below);
    }

    private int Lines(IRenderable part) => Segment.SplitLines(part.GetSegments(console)).Count;

    private Markup Title()
    {
        var (spec, status) = (progress.Spec, progress.Status);
        var silos = progress.Silos == 0 && status.Plan.Count > 0 ? "no silo" : Texts.Silos(progress.Silos);
        string[] facts = [spec.Dataset, spec.Precision.ToString().ToLowerInvariant(), silos];
        var preset = progress.Preset is { } name ? $"{name} · " : "";
        var state = status.State is RunState.Recovering or RunState.Paused
            ? $" [yellow]{status.State.ToString().ToLowerInvariant()}[/]"
            : "";
        var grey = Markup.Escape(preset + string.Join(" · ", facts));
        return new Markup($"[bold]{Markup.Escape(progress.Run)}[/] [grey]{grey}[/]{state}");
    }

    private Grid Bars()
    {
        var hasBars = console.Profile.Width >= MinWidthForBars;
        var grid = new Grid().AddColumns(hasBars ? 3 : 2);
        grid.Columns[0].NoWrap = grid.Columns[^1].NoWrap = true;
        Row(
            $"epoch {Math.Max(1, progress.Status.Epoch)}/{progress.Spec.Epochs}",
            Bar(progress.EpochShare),
            Texts.Share(progress.EpochShare)
        );
        var times = $"{Texts.Duration(TimeSpan.FromSeconds(progress.Seconds))}, {Texts.Duration(progress.Left)} left";
        Row("run", Bar(progress.RunShare, Reached), $"{Texts.Share(progress.RunShare)}, {times}");
        return grid;

        void Row(string name, string bar, string share) => grid.AddRow(hasBars ? [name, bar, share] : [name, share]);
    }

    // What befell the run, and why its bar is shorter than it was.
    private IEnumerable<IRenderable> News()
    {
        foreach (var incident in progress.Incidents.TakeLast(ShownIncidents))
        {
            var at = Texts.Duration(TimeSpan.FromSeconds(incident.Seconds));
            yield return new Markup($"[yellow]{at}[/]  {Markup.Escape(incident.Sentence)}");
        }

        if (progress.FarthestSlot > progress.Status.Slot)
        {
            var slots = $"slots {progress.Status.Slot} to {progress.FarthestSlot - 1}";
            yield return new Markup($"[yellow]again[/]  {slots}, which were through before");
        }

        foreach (var warning in progress.Warnings)
        {
            yield return new Markup($"[red]warning[/]  {Markup.Escape(warning.Sentence)}");
        }
    }

    private double Reached => progress.Status.Slots > 0 ? (double)progress.FarthestSlot / progress.Status.Slots : 0;

    private Markup Errors() =>
        new(
            $"{Texts.Rate(progress.SamplesPerSecond)}   test error {Error(progress.Fast, progress.Fast?.ErrorFast)}   by "
                + $"goodness {Error(progress.Goodness, progress.Goodness?.ErrorGoodness)}"
                + (progress.Status.Prequential is { } streamed ? $"   before learning [bold]{Texts.Percent(streamed.Error)}[/]" : "")
        );

    private IEnumerable<IRenderable> Net() =>
        MissingNet.Sentence(progress.Status) is { } sentence ? [new Markup($"[yellow]without a net: {Markup.Escape(sentence)}[/]")] : [];

    private IEnumerable<IRenderable> Plots()
    {
        if (!console.Profile.Capabilities.Unicode)
        {
            yield break;
        }

        foreach (
            var (name, line, color) in new[]
            {
                ("images/s", Sparkline.Of(progress.Rates, BarWidth), "green"),
                ("test error", Sparkline.Of(progress.Errors, BarWidth, logarithmic: true), "blue"),
            }
        )
        {
            if (line.Length > 0)
            {
                yield return new Markup($"[grey]{name, -10}[/]  [{color}]{line}[/]");
            }
        }
    }

    private static string Error(Evaluation? evaluation, double? error) =>
        evaluation is null ? Texts.None : $"[bold]{Texts.Percent(error)}[/] [grey](epoch {evaluation.Epoch})[/]";

    private int BarWidth => Math.Clamp(console.Profile.Width - BesidesBar, NarrowestBar, WidestBar);

    private string Bar(double share, double reached = 0)
    {
        var filled = (int)Math.Round(Math.Clamp(share, 0, 1) * BarWidth);
        var again = Math.Max(filled, (int)Math.Round(Math.Clamp(reached, 0, 1) * BarWidth));
        return $"[green]{new string('━', filled)}[/][yellow]{new string('╌', again - filled)}[/]"
            + $"[grey]{new string('─', BarWidth - again)}[/]";
    }
}
