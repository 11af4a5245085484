using System.Diagnostics;
using ForwardForward.Console.Training;
using ForwardForward.Contracts.Experiments;
using ForwardForward.Learning.Recipes;

namespace ForwardForward.Console.Rendering;

/// <summary>
/// Lines for a log file, a pipe or a terminal without cursor control: one per evaluation, and per epoch without one, and one for whatever
/// befalls the run.
/// </summary>
internal sealed class PlainView(TextWriter output, RunProgress progress) : IRunView
{
    private static readonly TimeSpan MinSilence = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan StreamPace = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan MaxSilence = TimeSpan.FromMinutes(5);
    private readonly Stopwatch _silent = Stopwatch.StartNew();
    private TimeSpan _patience = MinSilence;
    private readonly Dictionary<int, Incident> _told = [];
    private readonly HashSet<CollapseKind> _warned = [];
    private int _lastEpoch;
    private bool _isWithoutNet;

    public Task<RunStatus> During(Func<Action<RunUpdate>, Task<RunStatus>> run)
    {
        var spec = progress.Spec;
        var network =
            $"layers {string.Join('-', spec.Layers)}, {Texts.Count(spec.Epochs, "epoch")}, {spec.Precision.ToString().ToLowerInvariant()}";
        output.WriteLine($"{progress.Run}: {spec.Dataset}, {network}, {Texts.Silos(progress.Silos)}");
        return run(Show);
    }

    private void Show(RunUpdate news)
    {
        Net(news.Status);
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

        if (news.Events.LastOrDefault(measured => measured.Streamed is not null)?.Streamed is { } streamed && _silent.Elapsed > StreamPace)
        {
            Write([
                $"{Texts.Count((int)streamed.Examples, "example")}",
                $"prequential error {Texts.Percent(streamed.Error)} of the last thousand",
            ]);
        }

        if (_silent.Elapsed > _patience && news.Status is { Slot: > 0, IsOver: false } status)
        {
            _patience = TimeSpan.FromTicks(Math.Min(2 * _patience.Ticks, MaxSilence.Ticks)); // an epoch may take hours
            Write([$"epoch {status.Epoch}/{progress.Spec.Epochs}", $"slot {status.Slot} of {status.Slots}"]);
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

    // When it begins and when it is over: every checkpoint that is missed has a reason of its own.
    private void Net(RunStatus run)
    {
        var sentence = MissingNet.Sentence(run);
        if (sentence is not null != _isWithoutNet)
        {
            _isWithoutNet = sentence is not null;
            output.WriteLine(
                _isWithoutNet
                    ? $"without a net, training goes on: {sentence}"
                    : $"a checkpoint is kept again, of slot {run.LastCheckpointSlot}"
            );
        }
    }

    private void Line(int epoch, Evaluation? evaluation)
    {
        (_lastEpoch, _patience) = (Math.Max(_lastEpoch, epoch), MinSilence);
        Write([
            $"epoch {epoch}/{progress.Spec.Epochs}",
            .. evaluation?.ErrorFast is { } fast ? [$"test error {Texts.Percent(fast)}"] : Array.Empty<string>(),
            .. evaluation?.ErrorGoodness is { } goodness ? [$"by goodness {Texts.Percent(goodness)}"] : Array.Empty<string>(),
            .. TopLayer(),
        ]);
    }

    private void Write(IEnumerable<string> parts)
    {
        _silent.Restart();
        output.WriteLine(string.Join(", ", [.. parts, Texts.Rate(progress.SamplesPerSecond), $"{Texts.Duration(progress.Left)} left"]));
    }

    private IEnumerable<string> TopLayer() =>
        progress.Layers[^1] is var (top, _)
            ? Recipe.Of(progress.Spec).Network.LearnsAsWhole
                ? [$"loss {Texts.Number(top.Loss)}"]
                : [$"layer {top.Layer} goodness {Texts.Number(top.GoodnessPositive)} against {Texts.Number(top.GoodnessNegative)}"]
            : [];
}
