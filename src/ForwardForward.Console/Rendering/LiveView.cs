using System.Globalization;
using ForwardForward.Console.Training;
using ForwardForward.Contracts.Experiments;
using ForwardForward.Learning.Recipes;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace ForwardForward.Console.Rendering;

/// <summary>Draws a run in place on a terminal.</summary>
internal sealed class LiveView(IAnsiConsole console, RunProgress progress) : IRunView
{
    private const int WidestBar = 40;

    public Task<RunStatus> During(Func<Action<RunUpdate>, Task<RunStatus>> run) => console
        .Live(Render())
        .Overflow(VerticalOverflow.Ellipsis)
        .StartAsync(live => run(_ => live.UpdateTarget(Render())));

    /// <summary>The run as it is now.</summary>
    public IRenderable Render() => new Rows([Title(), Bars(), Layers(), Errors(), .. Net(), .. Plots()]);

    private Markup Title()
    {
        var spec = progress.Spec;
        string[] facts = [spec.Dataset, spec.Precision.ToString().ToLowerInvariant(), Texts.Silos(progress.Silos)];
        var preset = progress.Preset is { } name ? $"{name} · " : "";
        return new Markup($"[bold]{Markup.Escape(progress.Run)}[/] [grey]{Markup.Escape(preset + string.Join(" · ", facts))}[/]");
    }

    private Grid Bars()
    {
        var grid = new Grid().AddColumns(3);
        grid.Columns[0].NoWrap = grid.Columns[2].NoWrap = true;
        var epochs = progress.Spec.Epochs;
        grid.AddRow($"epoch {Math.Max(1, progress.Status.Epoch)}/{epochs}", Bar(progress.EpochShare), Share(progress.EpochShare));
        grid.AddRow("run", Bar(progress.RunShare), $"{Share(progress.RunShare)}, {Texts.Duration(TimeSpan.FromSeconds(progress.Seconds))}, {Texts.Duration(progress.Left)} left");
        return grid;
    }

    private Table Layers()
    {
        var table = new Table().Border(TableBorder.Simple).AddColumn("layer");
        foreach (var heading in new[] { "units", "goodness +", "goodness -", "loss", "pulling", "inbox" })
        {
            table.AddColumn(heading, column => column.RightAligned().NoWrap());
        }

        for (var i = 0; i < progress.Layers.Count; i++)
        {
            table.AddRow([$"{i + 1}", progress.Spec.Backpropagation.IsOn ? string.Join('-', progress.Spec.Layers) : $"{progress.Spec.Layers[i]}", .. Measured(progress.Layers[i])]);
        }

        return table;
    }

    private static string[] Measured((LayerMeasurement Measured, int? InboxDepth)? layer) => layer is var (measured, depth)
        ? [Texts.Number(measured.GoodnessPositive), Texts.Number(measured.GoodnessNegative), Texts.Number(measured.Loss), Share(measured.Pulling), depth?.ToString(CultureInfo.InvariantCulture) ?? Texts.None]
        : [.. Enumerable.Repeat(Texts.None, 5)];

    private Markup Errors() => new(
        $"{Texts.Rate(progress.SamplesPerSecond)}   test error {Error(progress.Fast, progress.Fast?.ErrorFast)}   by goodness {Error(progress.Goodness, progress.Goodness?.ErrorGoodness)}");

    private IEnumerable<IRenderable> Net() => MissingNet.Sentence(progress.Status) is { } sentence ? [new Markup($"[yellow]without a net: {Markup.Escape(sentence)}[/]")] : [];

    private IEnumerable<IRenderable> Plots()
    {
        if (!console.Profile.Capabilities.Unicode)
        {
            yield break;
        }

        var width = Math.Clamp(console.Profile.Width - 50, 10, WidestBar);
        foreach (var (name, line, color) in new[] { ("images/s", Sparkline.Of(progress.Rates, width), "green"), ("test error", Sparkline.Of(progress.Errors, width, logarithmic: true), "blue") })
        {
            if (line.Length > 0)
            {
                yield return new Markup($"[grey]{name,-10}[/]  [{color}]{line}[/]");
            }
        }
    }

    private static string Error(Evaluation? evaluation, double? error) =>
        evaluation is null ? Texts.None : $"[bold]{Texts.Percent(error)}[/] [grey](epoch {evaluation.Epoch})[/]";

    private string Bar(double share)
    {
        var width = Math.Clamp(console.Profile.Width - 50, 10, WidestBar);
        var filled = (int)Math.Round(Math.Clamp(share, 0, 1) * width);
        return $"[green]{new string('━', filled)}[/][grey]{new string('─', width - filled)}[/]";
    }

    private static string Share(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share,3:0} %");
}
