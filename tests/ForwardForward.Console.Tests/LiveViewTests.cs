using ForwardForward.Console.Rendering;
using ForwardForward.Console.Training;
using ForwardForward.Contracts.Experiments;
using ForwardForward.Contracts.Stages;
using ForwardForward.Learning.Recipes;
using ForwardForward.Learning.Specs;
using Spectre.Console;

namespace ForwardForward.Console.Tests;

public sealed class LiveViewTests
{
    private const int TrainImages = 100, TestImages = 20, Batch = 10;
    private static readonly ExperimentSpec Spec = new() { Dataset = "tiny", Layers = [8, 16], BatchSize = Batch, Epochs = 4, Precision = Precision.Fp32 };

    [Fact]
    public void Shows_layers_shares_and_the_epoch_that_errors_are_from()
    {
        var progress = Progress();
        progress.Apply(News(slot: 30, epoch: 3, new LayerMeasurement(2, 29, 3, 1.25, 0.5, 0.125, 0.08), new Evaluation(20, 2, 0.0136, null)));

        var text = Drawn(progress);

        Assert.Contains("my-run supervised · tiny · fp32 · 2 silos", text, StringComparison.Ordinal);
        Assert.Contains("epoch 3/4", text, StringComparison.Ordinal);
        Assert.Matches(@"1 +8 +- +- +- +- +-", text);
        Assert.Matches(@"2 +16 +1\.250 +0\.500 +0\.125 +8 % +3", text);
        Assert.Contains("test error 1.36 % (epoch 2)   by goodness -", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_course_of_speed_and_error_is_drawn_once_there_are_two_values()
    {
        var progress = Progress();
        var slots = progress.Plan!.SlotCount;
        progress.Apply(News(slots / 10, 1, null, new Evaluation(9, 1, 0.08, null)));
        Assert.DoesNotContain("▁", Drawn(progress), StringComparison.Ordinal);

        for (var step = 2; step <= 6; step++)
        {
            progress.Apply(News(slots * step / 10, 1, null, new Evaluation((step * 10) - 1, step, 0.16 / (1 << step), null), seconds: 10 + step));
        }

        Assert.Matches("test error  █▇▅▄▂▁", Drawn(progress));
        Assert.Matches("images/s    [▁-█]{5}", Drawn(progress));
    }

    [Theory]
    [InlineData(new[] { 1.0 }, 10, "")]
    [InlineData(new[] { 1.0, 1.0 }, 10, "▁▁")]
    [InlineData(new[] { 0.0, double.NaN, 7.0 }, 10, "▁█")]
    [InlineData(new[] { 0.0, 2.0, 6.0, 8.0 }, 2, "▁█")]
    public void Values_become_bars_between_the_least_and_the_most(double[] values, int width, string bars) => Assert.Equal(bars, Sparkline.Of(values, width));

    [Fact]
    public void Is_drawn_before_the_first_news()
    {
        var text = Drawn(Progress());

        Assert.Contains("epoch 1/4", text, StringComparison.Ordinal);
        Assert.Contains("test error -", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Time_left_follows_from_the_share_that_is_through()
    {
        var progress = Progress();
        var slots = progress.Plan!.SlotCount;

        progress.Apply(News(slots / 4, 1, null, null));

        Assert.Equal(10.0 * (slots - (slots / 4)) / (slots / 4), progress.Left!.Value.TotalSeconds, 6);
    }

    [Fact]
    public void Images_learned_never_fall_and_end_with_every_batch()
    {
        var progress = Progress();
        var plan = progress.Plan!;
        var learned = new List<long>();

        for (var slot = 1; slot <= plan.SlotCount; slot++)
        {
            progress.Apply(News(slot, 1, null, null));
            learned.Add(progress.ImagesLearned);
        }

        Assert.Equal(learned.Order(), learned);
        Assert.Equal((0, plan.Batches * Batch), (learned[0], learned[^1]));
    }

    [Fact]
    public async Task A_run_without_a_net_says_so_until_a_checkpoint_is_kept_again()
    {
        var (progress, drawn) = (Progress(), new List<string>());
        using var lines = new StringWriter();

        await new PlainView(lines, progress).During(show =>
        {
            Show(Status(20, 2) with { MissedCheckpoints = 1, WithoutNet = "/disk/layer-1 cannot be written: No space left on device." });
            Show(Status(24, 2) with { MissedCheckpoints = 3, LastCheckpointSlot = 20, WithoutNet = "It is full." });
            return Show(Status(26, 2) with { MissedCheckpoints = 3, LastCheckpointSlot = 25 });

            Task<RunStatus> Show(RunStatus status)
            {
                progress.Apply(new RunUpdate(status, []));
                show(new RunUpdate(status, []));
                drawn.Add(Drawn(progress));
                return Task.FromResult(status);
            }
        });

        Assert.Contains("without a net: no checkpoint was ever kept (1 missed): /disk/layer-1", drawn[0], StringComparison.Ordinal);
        Assert.Contains("without a net: no checkpoint was kept since slot 20 (3 missed): It is full.", drawn[1], StringComparison.Ordinal);
        Assert.DoesNotContain("without a net", drawn[2], StringComparison.Ordinal);
        Assert.Equal(
            ["without a net, training goes on: no checkpoint was ever kept (1 missed): /disk/layer-1 cannot be written: No space left on device.", "a checkpoint is kept again, of slot 25"],
            lines.ToString().Split(Environment.NewLine).Where(line => line.Contains("checkpoint", StringComparison.Ordinal)));
    }

    private static RunProgress Progress() => new(Status(slot: 0, epoch: 0), 2, "runs/my-run");

    private static RunStatus Status(long slot, int epoch, double seconds = 10) => new()
    {
        Run = "my-run",
        State = RunState.Running,
        Preset = "supervised",
        Spec = Spec,
        Data = new DataShape(TrainImages, TestImages, 4, 2),
        Slot = slot,
        Slots = new SlotPlan(Spec, TrainImages, TestImages, classes: 2).SlotCount,
        Epoch = epoch,
        Seconds = seconds,
    };

    private static RunUpdate News(long slot, int epoch, LayerMeasurement? layer, Evaluation? evaluation, double seconds = 10)
    {
        var status = Status(slot, epoch, seconds);
        return new RunUpdate(status,
        [
            .. layer is null ? Array.Empty<RunEvent>() : [new RunEvent(0, 1, layer, 3, null)],
            .. evaluation is null ? Array.Empty<RunEvent>() : [new RunEvent(1, 2, null, null, evaluation)],
        ]);
    }

    private static string Drawn(RunProgress progress)
    {
        using var writer = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Out = new AnsiConsoleOutput(writer) });
        console.Profile.Width = 110;
        console.Profile.Capabilities.Unicode = true;
        console.Write(new LiveView(console, progress).Render());
        return writer.ToString();
    }
}
