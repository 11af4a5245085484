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
    private const int TrainImages = 100;
    private const int TestImages = 20;
    private const int Batch = 10;
    private static readonly ExperimentSpec Spec = new()
    {
        Dataset = "tiny",
        Layers = [8, 16],
        BatchSize = Batch,
        Epochs = 4,
        Precision = Precision.Fp32,
    };

    [Fact]
    public void Shows_layers_shares_and_the_epoch_that_errors_are_from()
    {
        var progress = Progress();
        progress.Apply(
            News(slot: 30, epoch: 3, new LayerMeasurement(2, 29, 3, 1.25, 0.5, 0.125, 0.08), new Evaluation(20, 2, 0.0136, null))
        );
        progress.Apply(News(slot: 30, epoch: 3, null, new Evaluation(25, 2, null, null) { OwnErrors = [0.5, 0.0421] }));

        var text = Drawn(progress);

        Assert.Contains("my-run supervised · tiny · fp32 · 2 silos", text, StringComparison.Ordinal);
        Assert.Contains("epoch 3/4", text, StringComparison.Ordinal);
        Assert.Matches(@"1 +8 +- +- +- +- +- +-", text);
        Assert.Matches(@"2 +16 +1\.250 +0\.500 +4\.21 % +0\.125 +8 % +3", text);
        Assert.Contains("test error 1.36 % (epoch 2)   by goodness -", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(44)]
    [InlineData(52)]
    [InlineData(53)]
    [InlineData(61)]
    [InlineData(62)]
    [InlineData(71)]
    [InlineData(72)]
    [InlineData(79)]
    [InlineData(80)]
    public void A_number_of_a_layer_stands_in_one_line_however_narrow_the_terminal_is(int width)
    {
        var progress = Progress();
        progress.Apply(News(slot: 30, epoch: 3, new LayerMeasurement(2, 29, 3, 12.25, 10.5, 45.409, 0.5733), null));
        progress.Apply(News(slot: 30, epoch: 3, null, new Evaluation(25, 2, null, null) { OwnErrors = [0.5, 0.6133] }));

        var lines = Drawn(progress, width).Split('\n');

        var second = Array.FindIndex(lines, line => line.TrimStart().StartsWith("2 ", StringComparison.Ordinal));
        Assert.Contains("12.250", lines[second], StringComparison.Ordinal);
        Assert.Equal("", lines[second + 1].Trim());
        Assert.Equal(width >= 53, lines[second].Contains("61.33 %", StringComparison.Ordinal));
        Assert.Equal(width >= 62, lines[second].Contains("45.409", StringComparison.Ordinal));
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
            progress.Apply(
                News(slots * step / 10, 1, null, new Evaluation((step * 10) - 1, step, 0.16 / (1 << step), null), seconds: 10 + step)
            );
        }

        Assert.Matches("test error  █▇▅▄▂▁", Drawn(progress));
        Assert.Matches("images/s    [▁-█]{5}", Drawn(progress));
    }

    [Theory]
    [InlineData(new[] { 1.0 }, 10, "")]
    [InlineData(new[] { 1.0, 1.0 }, 10, "▁▁")]
    [InlineData(new[] { 0.0, double.NaN, 7.0 }, 10, "▁█")]
    [InlineData(new[] { 0.0, 2.0, 6.0, 8.0 }, 2, "▁█")]
    public void Values_become_bars_between_the_least_and_the_most(double[] values, int width, string bars) =>
        Assert.Equal(bars, Sparkline.Of(values, width));

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
            [
                "without a net, training goes on: no checkpoint was ever kept (1 missed): /disk/layer-1 cannot be written: No "
                    + "space left on device.",
                "a checkpoint is kept again, of slot 25",
            ],
            lines.ToString().Split(Environment.NewLine).Where(line => line.Contains("checkpoint", StringComparison.Ordinal))
        );
    }

    [Fact]
    public void A_lost_silo_is_seen_in_a_sentence_the_title_and_the_bar_and_time_left_does_not_jump()
    {
        var (progress, slots) = Cluster();
        progress.Apply(new RunUpdate(OnSilos(slots / 2, 10, [1, 2, 3]), []));
        var before = progress.Left!.Value;

        progress.Apply(
            new RunUpdate(OnSilos(slots / 2, 15, [1, 2, 3]) with { State = RunState.Recovering, Incidents = [Lost(slots / 2)] }, [])
        );
        var meanwhile = (Drawn(progress), progress.Left!.Value);
        var redone = slots / 4;
        var gone = Lost(slots / 2) with { Then = $"going on from slot {(slots / 2) - redone - 1} on 2 silos", Until = 20 };
        progress.Apply(
            new RunUpdate(OnSilos((slots / 2) - redone, 20, [1, 3]) with { RedoneSlots = redone, Recoveries = 1, Incidents = [gone] }, [])
        );
        var after = Drawn(progress);

        Assert.Contains("tiny · fp32 · 2 silos recovering", meanwhile.Item1, StringComparison.Ordinal);
        Assert.Contains($"10 s  silo-2 lost after slot {(slots / 2) - 1}", meanwhile.Item1, StringComparison.Ordinal);
        Assert.Equal(before, meanwhile.Item2);
        Assert.Contains("tiny · fp32 · 2 silos", after, StringComparison.Ordinal);
        Assert.Contains(gone.Sentence, after, StringComparison.Ordinal);
        Assert.Contains(
            $"again  slots {(slots / 2) - redone} to {(slots / 2) - 1}, which were through before",
            after,
            StringComparison.Ordinal
        );
        Assert.Matches("━+╌+─+", after);
        Assert.Equal(before.TotalSeconds * (slots - (slots / 2) + redone) / (slots - (slots / 2)), progress.Left!.Value.TotalSeconds, 6);
    }

    [Fact]
    public void Whoever_watches_later_and_whoever_sums_up_sees_what_befell_the_run()
    {
        var (_, slots) = Cluster();
        IReadOnlyList<Incident> incidents = [Lost(slots / 2) with { Then = "going on from slot 4 on 2 silos", Until = 12 }];
        incidents = incidents.With(
            new Incident
            {
                Number = 0,
                Kind = IncidentKind.Arrival,
                Slot = slots - 2,
                Seconds = 13,
                At = DateTimeOffset.UnixEpoch,
                What = "silo-2 is back",
                Until = 13,
                Silos = ["silo-2"],
            }
        );
        var late = new RunProgress(
            OnSilos(slots, 20, [1, 3]) with
            {
                State = RunState.Done,
                Recoveries = 1,
                RedoneSlots = 3,
                Incidents = incidents,
            },
            2,
            null
        );
        using var closing = new StringWriter();

        var summary = Summary.AsTold(late);
        ClosingBlock.Write(closing, summary);

        Assert.Contains("silo-2 lost after slot", Drawn(late), StringComparison.Ordinal);
        Assert.Equal((2, 1), (summary.Silos, summary.Recoveries));
        Assert.Equal(incidents.Select(incident => incident.Sentence), summary.Incidents.Select(incident => incident.Sentence));
        Assert.Contains("1, 3 slots done again", closing.ToString(), StringComparison.Ordinal);
        Assert.Matches(@"at 10 s +silo-2 lost after slot \d+; going on from slot 4 on 2 silos", closing.ToString());
        Assert.Matches(@"at 13 s +silo-2 is back", closing.ToString());
    }

    [Fact]
    public void Plain_lines_tell_each_thing_that_befalls_a_run_once_as_it_becomes_known()
    {
        var (progress, slots) = Cluster();
        using var output = new StringWriter();
        var lost = Lost(slots / 2);
        var gone = lost with { Then = "going on from slot 4 on 2 silos", Until = 14 };

        Show(
            new PlainView(output, progress),
            progress,
            OnSilos(slots / 2, 11, [1, 2, 3]) with
            {
                Incidents = [lost],
            },
            OnSilos(slots / 2, 12, [1, 2, 3]) with
            {
                Incidents = [lost],
            },
            OnSilos(5, 14, [1, 3]) with
            {
                Incidents = [gone],
            }
        );

        var lines = output.ToString().Split('\n')[1..];
        Assert.Equal([$"10 s: {lost.What}", "14 s: going on from slot 4 on 2 silos", ""], lines);
    }

    [Fact]
    public void A_network_that_has_collapsed_is_told_of_while_it_trains_and_when_it_is_done()
    {
        var progress = Progress();
        var slots = progress.Plan!.SlotCount;
        using var output = new StringWriter();
        var test = new Evaluation(slots - 1, 4, 0.5, 0.5);
        var news = News(slots, 4, new LayerMeasurement(2, 29, 4, 0, 0, 8), test);
        news = news with { Status = news.Status with { LastEvaluation = test } };

        _ = new PlainView(output, progress).During(show =>
        {
            progress.Apply(news);
            show(news);
            show(news);
            return Task.FromResult(news.Status);
        });
        var summary = Summary.AsTold(progress);

        Assert.Contains("Layer 2 is dead", Drawn(progress), StringComparison.Ordinal);
        Assert.Equal(2, summary.Warnings.Count);
        Assert.All(summary.Warnings, warning => Assert.Single(output.ToString().Split('\n'), line => line == $"warning: {warning}"));
    }

    [Theory]
    [InlineData(0.254, 0.028, "supervised", "such a network is of the goodness test")]
    [InlineData(0.0074, 0.0071, "supervised-jitter", "this experiment is of the fast test")]
    public void The_summary_says_which_test_answers_and_which_one_was_published(
        double fast,
        double goodness,
        string preset,
        string published
    )
    {
        var progress = new RunProgress(
            Status(10, 4) with
            {
                Preset = preset,
                LastEvaluation = new Evaluation(9, 4, fast, goodness),
            },
            1,
            null
        );
        using var output = new StringWriter();

        ClosingBlock.Write(output, Summary.AsTold(progress));

        Assert.Contains(
            $"`ff predict` answers by both tests together, by the fast one alone while the run trains; the published error of {published}",
            output.ToString(),
            StringComparison.Ordinal
        );
        Assert.Equal(
            fast > 0.1,
            output.ToString().Contains("The tests contradict each other (25.4 % fast, 2.8 % by goodness)", StringComparison.Ordinal)
        );
    }

    [Theory]
    [InlineData(80, 24)]
    [InlineData(50, 24)]
    [InlineData(100, 40)]
    public void Eighteen_layers_fit_the_terminal_with_those_in_the_middle_folded(int width, int height)
    {
        var deep = Spec with { Layers = [.. Enumerable.Repeat(8, 18)] };
        var progress = new RunProgress(Status(5, 1) with { Spec = deep, Incidents = [Lost(8)] }, 2, null);

        var lines = Drawn(progress, width, height).TrimEnd('\n').Split('\n');

        Assert.True(lines.Length < height, $"{lines.Length} lines.");
        Assert.All(lines, line => Assert.True(line.Length <= width, line));
        Assert.Contains(lines, line => System.Text.RegularExpressions.Regex.IsMatch(line, @"\b18 +8 "));
        Assert.Equal(height < 30, lines.Any(line => line.Contains('…', StringComparison.Ordinal)));
    }

    [Fact]
    public void One_epoch_is_no_epochs()
    {
        using var output = new StringWriter();
        var progress = new RunProgress(Status(0, 0) with { Spec = Spec with { Epochs = 1 } }, 1, null);

        Show(new PlainView(output, progress), progress);

        Assert.Contains("layers 8-16, 1 epoch, fp32", output.ToString(), StringComparison.Ordinal);
    }

    private static void Show(PlainView view, RunProgress progress, params RunStatus[] news) =>
        _ = view.During(show =>
        {
            foreach (var status in news)
            {
                progress.Apply(new RunUpdate(status, []));
                show(new RunUpdate(status, []));
            }

            return Task.FromResult(progress.Status);
        });

    private static (RunProgress Progress, long Slots) Cluster()
    {
        var status = OnSilos(0, 0, [1, 2, 3]);
        return (new RunProgress(status, 3, null), status.Slots);
    }

    private static RunStatus OnSilos(long slot, double seconds, int[] silos) =>
        Status(slot, 0, seconds) with
        {
            Plan = [.. silos.Select((silo, i) => new LayerPlace(i + 1, $"silo-{silo}", $"127.0.0.1:{silo}"))],
        };

    private static Incident Lost(long through) =>
        new()
        {
            Number = 1,
            Kind = IncidentKind.Loss,
            Slot = through - 1,
            Seconds = 10,
            At = DateTimeOffset.UnixEpoch,
            What = $"silo-2 lost after slot {through - 1}",
            Silos = ["silo-2"],
        };

    private static RunProgress Progress() => new(Status(slot: 0, epoch: 0), 2, "runs/my-run");

    private static RunStatus Status(long slot, int epoch, double seconds = 10) =>
        new()
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
        return new RunUpdate(
            status,
            [
                .. layer is null ? Array.Empty<RunEvent>() : [new RunEvent(0, 1, layer, 3, null)],
                .. evaluation is null ? Array.Empty<RunEvent>() : [new RunEvent(1, 2, null, null, evaluation)],
            ]
        );
    }

    private static string Drawn(RunProgress progress, int width = 110, int height = 40)
    {
        using var writer = new StringWriter();
        var console = AnsiConsole.Create(
            new AnsiConsoleSettings
            {
                Ansi = AnsiSupport.No,
                ColorSystem = ColorSystemSupport.NoColors,
                Out = new AnsiConsoleOutput(writer),
            }
        );
        (console.Profile.Width, console.Profile.Height) = (width, height);
        console.Profile.Capabilities.Unicode = true;
        console.Write(new LiveView(console, progress).Render());
        return writer.ToString();
    }
}
