using ForwardForward.Console.Rendering;
using ForwardForward.Console.Reproduction;
using ForwardForward.Learning;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Console.Tests;

public sealed class ReproduceTests : Workplace
{
    private static readonly ReproducedResult Plain = new(
        "supervised",
        "mnist",
        60,
        1,
        0.0151,
        0.0138,
        0.0124,
        null,
        938,
        new string('6', 64),
        "cpu/AuthenticAMD/avx512-bf16/libtorch-2.10.0/bf16/passes-2/3f2a9c01",
        0.0136,
        TestKind.Goodness
    );

    [Fact]
    public void Every_experiment_has_a_preset_a_seed_and_a_bound_between_its_end_and_chance()
    {
        Assert.All(
            PublishedExperiment.All,
            experiment =>
            {
                Assert.Contains(experiment.Preset, Presets.Names);
                Assert.NotEmpty(experiment.Seeds);
                Assert.InRange(experiment.QuickError, experiment.Published ?? 0, 0.5);
            }
        );
        Assert.Equal(PublishedExperiment.All.Count, PublishedExperiment.All.DistinctBy(experiment => experiment.Name).Count());
    }

    [Fact]
    public void A_result_replaces_the_one_of_its_experiment_and_seed_and_the_page_says_what_was_reached()
    {
        var folder = new ResultsFolder(At("results"));
        folder.Add(Plain with { TestErrorGoodness = 0.5 });
        folder.Add(Plain with { Seed = 2, TestErrorGoodness = 0.0132 });
        folder.Add(Plain with { Seed = 4, TestErrorGoodness = 0.014, TestErrorJoint = 0.0137 });
        folder.Add(new("unsupervised", "mnist", 100, 1, 0.0137, null, null, null, 1234, new string('a', 64), null, 0.0137, TestKind.Fast));
        folder.Add(new("supervised-random", "mnist", 60, 1, 0.02, 0.03, null, 0.025, 900, new string('b', 64), null, null, null));
        folder.Add(
            Plain with
            {
                Experiment = "supervised-jitter",
                TestErrorFast = 0.0071,
                TestErrorGoodness = 0.0078,
                Published = 0.0071,
                PublishedTest = TestKind.Fast,
            }
        );
        folder.Add(Plain);

        Assert.Equal(
            [
                ("supervised", 1),
                ("supervised", 2),
                ("supervised", 4),
                ("supervised-random", 1),
                ("supervised-jitter", 1),
                ("unsupervised", 1),
            ],
            folder.Read().Select(result => (result.Experiment, result.Seed))
        );
        var page = File.ReadAllLines(At("results.md"));
        Assert.Contains(
            "| supervised | mnist | 60 | 1 | 1.51 | 1.38 | 1.24 | - | 938 | `666666666666` | bf16, passes-2 | 1.36 | not "
                + "reached, 0.02 above; reached by the joint test |",
            page
        );
        Assert.Contains(
            "| supervised | mnist | 60 | 2 | 1.51 | 1.32 | 1.24 | - | 938 | `666666666666` | bf16, passes-2 | 1.36 | reached |",
            page
        );
        Assert.Contains(
            "| supervised | mnist | 60 | 4 | 1.51 | 1.40 | 1.37 | - | 938 | `666666666666` | bf16, passes-2 | 1.36 | not "
                + "reached, 0.04 above |",
            page
        );
        Assert.Contains(
            "| **supervised, mean** | mnist | 60 | 3 seeds | 1.51 | 1.37 | 1.28 | - | | | | 1.36 | not reached, 0.01 above; "
                + "reached by the joint test |",
            page
        );
        Assert.Contains("| supervised-random | mnist | 60 | 1 | 2.00 | 3.00 | - | 2.50 | 900 | `bbbbbbbbbbbb` | - | - |  |", page);
        Assert.Contains("| unsupervised | mnist | 100 | 1 | 1.37 | - | - | - | 1234 | `aaaaaaaaaaaa` | - | 1.37 | reached |", page);
        Assert.Contains(
            "| supervised-jitter | mnist | 60 | 1 | 0.71 | 0.78 | 1.24 | - | 938 | `666666666666` | bf16, passes-2 | 0.71 fast | reached |",
            page
        );
        Assert.Equal([false, true, false, null, true, true], folder.Read().Select(result => result.Reached));
        Assert.Equal(
            "Published by: supervised: Hinton 2022; supervised-jitter: jesper-olsen/forward-forward-rs, the same network and "
                + "schedule by the fast test, 50,000 images (all 60,000: 0.69 %; Hinton 2022: 0.64 % in 500 epochs); unsupervised: "
                + "Hinton 2022.",
            page[^1]
        );
    }

    [Fact]
    public async Task A_run_that_was_killed_is_taken_for_the_experiment_s_own_and_goes_on()
    {
        await File.WriteAllTextAsync(
            At("mine.json"),
            """{"layers": [8, 8], "epochs": 2, "batchSize": 10, "precision": "fp32", "checkpoint": {"everySlots": 2}}"""
        );
        var experiment = new PublishedExperiment("tiny", At("mine.json"), [1], null, "", 1) { Data = At("tiny") };
        Reproduction.Reproduction Again() => new(At("runs"), quick: false, _ => { }, progress => new PlainView(TextWriter.Null, progress));
        var first = await Again().Run(experiment, 1, default);
        var folder = At("runs", "tiny-seed1");
        var status = Path.Combine(folder, "status.json");
        File.Delete(status); // as a process that was killed leaves it

        var again = await Again().Run(experiment, 1, default);
        var other = await Assert.ThrowsAsync<InvalidInputException>(() =>
            Again().Run(experiment with { Preset = "supervised-quick" }, 1, default)
        );

        Assert.NotNull(first.StateHash);
        Assert.Equal(first.StateHash, again.StateHash);
        Assert.EndsWith(
            "holds a run of another spec than the experiment has now, expected none or one of the same: move it away.",
            other.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task An_unknown_experiment_and_results_that_are_none_are_refused_before_anything_runs()
    {
        Directory.CreateDirectory(At("docs", "results"));
        await File.WriteAllTextAsync(At("docs", "results", "results.json"), "{");

        var unknown = await Run("reproduce", "supervized");
        var unreadable = await Run("reproduce", "supervised");

        Assert.Equal((2, 2), (unknown.ExitCode, unreadable.ExitCode));
        Assert.EndsWith("did you mean 'supervised'?\n", unknown.Error, StringComparison.Ordinal);
        Assert.Matches(
            @"^docs/results/results\.json cannot be read \([^\n]+\), expected results that `ff reproduce` wrote\.\n$",
            unreadable.Error
        );
        Assert.False(Directory.Exists(At("runs")));
    }
}
