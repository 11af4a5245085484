using ForwardForward.Learning.Recipes;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Learning.Tests.Recipes;

/// <summary>Where several batches take turns in their iterations.</summary>
public sealed class TopDownPlanTests
{
    /// <param name="Batches">Of an epoch.</param>
    public sealed record Run(int Batches, int Epochs, int Iterations, int Interleaved, int Lag, string Negatives, int LearnFirst = 1)
    {
        internal SlotPlan Plan => new(Spec, trainImages: 10 * Batches, testImages: 301, classes: 4);

        private ExperimentSpec Spec =>
            new()
            {
                BatchSize = 10,
                Epochs = Epochs,
                TopDown = new TopDownSpec
                {
                    Iterations = Iterations,
                    Interleaved = Interleaved,
                    LearnFirst = LearnFirst,
                    TestFirst = 2,
                    TestLast = 3,
                },
                Negatives = new NegativesSpec { Kind = Negatives, Lag = Lag },
                Evaluation = new EvaluationSpec { FastEvery = 1, GoodnessEvery = 2 },
                Checkpoint = new CheckpointSpec { EverySlots = 50 },
            };
    }

    public static TheoryData<Run> Runs { get; } =
    [
        new Run(8, 2, 8, 4, 8, NegativesKind.Hard),
        new Run(10, 3, 3, 4, 5, NegativesKind.Hard), // neither the epoch nor the lag is a whole number of groups
        new Run(7, 2, 4, 1, 3, NegativesKind.Hard),
        new Run(5, 2, 3, 64, 2, NegativesKind.Random),
        new Run(10, 2, 5, 4, 5, NegativesKind.Hard, LearnFirst: 3),
        new Run(3, 1, 3, 2, 100, NegativesKind.Hard), // the lag is longer than the run
    ];

    [Theory]
    [MemberData(nameof(Runs))]
    public void Every_batch_rises_once_and_then_iterates_each_slot_naming_the_next(Run run)
    {
        var slots = Slots(run.Plan);
        foreach (var batch in slots.Where(slot => slot.LearnedBatch >= 0).GroupBy(slot => slot.LearnedBatch))
        {
            Assert.Equal(Enumerable.Range(0, run.Iterations + 1), batch.Select(slot => slot.Iteration));
            Assert.Equal(batch.Skip(1).Select(slot => slot.Index).Append(-1), batch.Select(slot => slot.Following));
        }

        Assert.Equal(
            Enumerable.Range(0, run.Epochs * run.Batches).Select(batch => (long)batch),
            slots.Where(slot => slot is { LearnedBatch: >= 0, Iteration: 0 }).Select(slot => slot.LearnedBatch)
        );
        Assert.All(slots.Where(slot => slot.Following >= 0), slot => Assert.InRange(slot.Following - slot.Index, 1, run.Interleaved));
    }

    [Theory]
    [MemberData(nameof(Runs))]
    public void Every_batch_is_neutral_in_one_rise_the_lag_before_its_own(Run run)
    {
        var plan = run.Plan;
        var neutral = Slots(plan).Where(slot => slot.Layout.Neutral > 0 && slot.Kind == SlotKind.Train).ToList();
        var rises = Slots(plan).Where(slot => slot is { Kind: SlotKind.Train, Iteration: 0 }).ToList();

        Assert.Equal(Enumerable.Range(0, run.Epochs * run.Batches).Select(batch => (long)batch), neutral.Select(slot => slot.NeutralBatch));
        Assert.Equal(plan.Batches + plan.Lag, rises.Count);
        Assert.All(rises.Skip(plan.Lag), (slot, i) => Assert.Equal(i, slot.LearnedBatch));
    }

    [Theory]
    [MemberData(nameof(Runs))]
    public void Updates_are_numbered_without_a_gap_and_made_from_the_iterations_that_are_learned_from(Run run)
    {
        var slots = Slots(run.Plan);
        var updates = slots.Where(slot => slot.Update > 0).ToList();

        Assert.Equal(
            Enumerable.Range(1, run.Epochs * run.Batches * (run.Iterations - run.LearnFirst + 1)).Select(update => (long)update),
            updates.Select(slot => slot.Update)
        );
        Assert.All(updates, slot => Assert.Equal((10, 10, 0), (slot.Layout.Positive, slot.Layout.Negative, slot.Layout.Neutral)));
        Assert.DoesNotContain(updates, slot => slot.Iteration < run.LearnFirst);
    }

    [Theory]
    [MemberData(nameof(Runs))]
    public void Checkpoints_are_where_no_iteration_is_under_way_and_never_more_than_a_group_late(Run run)
    {
        var plan = run.Plan;
        var checkpoints = Slots(plan).Where(slot => plan.IsCheckpoint(slot.Index)).ToList();

        Assert.NotEmpty(checkpoints);
        Assert.All(
            checkpoints,
            checkpoint => Assert.DoesNotContain(Slots(plan), slot => slot.Index <= checkpoint.Index && slot.Following > checkpoint.Index)
        );
        Assert.Equal(Slots(plan).Last(slot => slot.Kind == SlotKind.Train).Index, checkpoints[^1].Index);
    }

    [Fact]
    public void The_goodness_test_rises_with_each_picture_once_and_iterates_as_far_as_it_counts()
    {
        var test = Slots(new Run(8, 2, 8, 4, 8, NegativesKind.Hard).Plan).Where(slot => slot.GoodnessImages > 0).ToList();

        Assert.Equal(3, test.Max(slot => slot.Iteration));
        Assert.Equal(
            Enumerable.Range(0, 301),
            test.Where(slot => slot.Iteration == 0).SelectMany(slot => Enumerable.Range(slot.FirstImage, slot.Layout.Candidates))
        );
        Assert.All(test.Where(slot => slot.Iteration > 0), slot => Assert.Equal(4 * slot.GoodnessImages, slot.Layout.Candidates));
        Assert.Single(test, slot => slot.EndsEvaluation);
        Assert.True(test[^1].EndsEvaluation);
    }

    [Theory]
    [InlineData(
        NegativesKind.Hybrid,
        1,
        3,
        5,
        "negatives.kind: hybrid negatives have no label for the top layer to hear of; expected hard or random where "
            + "topDown.iterations is not 0."
    )]
    [InlineData(NegativesKind.Hard, 9, 3, 5, "topDown.learnFirst: 9; expected one of the 8 iterations.")]
    [InlineData(NegativesKind.Hard, 1, 4, 3, "topDown.testFirst, topDown.testLast: 4 to 3; expected two of the 8 iterations, in order.")]
    [InlineData(NegativesKind.Hard, 1, 3, 9, "topDown.testFirst, topDown.testLast: 3 to 9; expected two of the 8 iterations, in order.")]
    public void What_does_not_fit_is_refused(string negatives, int learnFirst, int first, int last, string sentence)
    {
        var spec = new ExperimentSpec
        {
            TopDown = new TopDownSpec
            {
                Iterations = 8,
                LearnFirst = learnFirst,
                TestFirst = first,
                TestLast = last,
            },
            Negatives = new NegativesSpec { Kind = negatives },
        };
        Assert.Equal(sentence, Assert.Throws<InvalidInputException>(() => new SlotPlan(spec, 1000, 100, 10)).Message);
    }

    private static List<PlannedSlot> Slots(SlotPlan plan) => [.. Enumerable.Range(0, (int)plan.SlotCount).Select(index => plan[index])];
}
