using ForwardForward.Console.Training;
using ForwardForward.Contracts.Experiments;
using ForwardForward.Learning.Recipes;

namespace ForwardForward.Console.Rendering;

/// <summary>Lines for a log file, a pipe or a terminal without cursor control: one per evaluation, and per epoch without one.</summary>
internal sealed class PlainView(TextWriter output, RunProgress progress) : IRunView
{
    private int _lastEpoch;
    private bool _isWithoutNet;

    public Task<RunStatus> During(Func<Action<RunUpdate>, Task<RunStatus>> run)
    {
        var spec = progress.Spec;
        output.WriteLine($"{progress.Run}: {spec.Dataset}, layers {string.Join('-', spec.Layers)}, {spec.Epochs} epochs, {spec.Precision.ToString().ToLowerInvariant()}, {Texts.Silos(progress.Silos)}");
        return run(Show);
    }

    private void Show(RunUpdate news)
    {
        Net(news.Status);
        foreach (var evaluation in news.Events.Select(measured => measured.Evaluation).OfType<Evaluation>())
        {
            Line(evaluation.Epoch, evaluation);
        }

        if (news.Status.Epoch - 1 > _lastEpoch)
        {
            Line(news.Status.Epoch - 1, null);
        }
    }

    // When it begins and when it is over: every checkpoint that is missed has a reason of its own.
    private void Net(RunStatus run)
    {
        var sentence = MissingNet.Sentence(run);
        if (sentence is not null != _isWithoutNet)
        {
            _isWithoutNet = sentence is not null;
            output.WriteLine(_isWithoutNet ? $"without a net, training goes on: {sentence}" : $"a checkpoint is kept again, of slot {run.LastCheckpointSlot}");
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
