using ForwardForward.Console.Training;
using ForwardForward.Contracts.Experiments;
using ForwardForward.Learning.Recipes;

namespace ForwardForward.Console.Rendering;

/// <summary>
/// Lines for a log file, a pipe or a terminal without cursor control: one per evaluation, and per epoch without one, and one for
/// whatever befalls the run.
/// </summary>
internal sealed class PlainView(TextWriter output, RunProgress progress) : IRunView
{
    private readonly Dictionary<int, Incident> _told = [];
    private readonly HashSet<CollapseKind> _warned = [];
    private int _lastEpoch;

    public Task<RunStatus> During(Func<Action<RunUpdate>, Task<RunStatus>> run)
    {
        var spec = progress.Spec;
        var network = $"layers {string.Join('-', spec.Layers)}, {Texts.Count(spec.Epochs, "epoch")}, {spec.Precision.ToString().ToLowerInvariant()}";
        output.WriteLine($"{progress.Run}: {spec.Dataset}, {network}, {Texts.Silos(progress.Silos)}");
        return run(Show);
    }

    private void Show(RunUpdate news)
    {
        foreach (var incident in news.Status.Incidents)
        {
            Tell(incident);
        }

        foreach (var evaluation in news.Events.Select(measured => measured.Evaluation).OfType<Evaluation>())
        {
            Line(evaluation.Epoch, evaluation);
        }

        if (news.Status.Epoch - 1 > _lastEpoch)
        {
            Line(news.Status.Epoch - 1, null);
        }

        foreach (var warning in progress.Warnings.Where(warning => _warned.Add(warning.Kind)))
        {
            output.WriteLine($"warning: {warning.Sentence}");
        }
    }

    // What the run does about it is often known only later.
    private void Tell(Incident incident)
    {
        var before = _told.GetValueOrDefault(incident.Number);
        _told[incident.Number] = incident;
        if (before?.Sentence != incident.Sentence)
        {
            var news = before?.What == incident.What ? incident.Then : incident.Sentence;
            var at = before is null ? incident.Seconds : incident.Until ?? progress.Seconds;
            output.WriteLine($"{Texts.Duration(TimeSpan.FromSeconds(at))}: {news}");
        }
    }

    private void Line(int epoch, Evaluation? evaluation)
    {
        _lastEpoch = Math.Max(_lastEpoch, epoch);
        IEnumerable<string> parts =
        [
            $"epoch {epoch}/{progress.Spec.Epochs}",
            .. evaluation?.ErrorFast is { } fast ? [$"test error {Texts.Percent(fast)}"] : Array.Empty<string>(),
            .. evaluation?.ErrorGoodness is { } goodness ? [$"by goodness {Texts.Percent(goodness)}"] : Array.Empty<string>(),
            .. TopLayer(),
            Texts.Rate(progress.SamplesPerSecond),
            $"{Texts.Duration(progress.Left)} left",
        ];
        output.WriteLine(string.Join(", ", parts));
    }

    private IEnumerable<string> TopLayer() => progress.Layers[^1] is var (top, _)
        ? progress.Spec.Backpropagation.IsOn ? [$"loss {Texts.Number(top.Loss)}"] : [$"layer {top.Layer} goodness {Texts.Number(top.GoodnessPositive)} against {Texts.Number(top.GoodnessNegative)}"]
        : [];
}
