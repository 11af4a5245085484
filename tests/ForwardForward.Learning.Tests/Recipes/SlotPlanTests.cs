using ForwardForward.Learning.Recipes;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Learning.Tests.Recipes;

public sealed class SlotPlanTests
{
    [Fact]
    public void Checkpoints_come_after_every_so_many_slots_but_never_inside_an_evaluation()
    {
        var spec = new ExperimentSpec
        {
            Layers = [8],
            Epochs = 2,
            BatchSize = 10,
            Negatives = new NegativesSpec { Lag = 2 },
            Checkpoint = new CheckpointSpec { EverySlots = 3 },
        };
        var plan = new SlotPlan(spec, trainImages: 50, testImages: 600, classes: 4);

        var checkpoints = Enumerable.Range(0, (int)plan.SlotCount).Where(index => plan.IsCheckpoint(index)).ToList();

        Assert.Equal([2, 8, 11, 13], checkpoints); // the last one holds what the run ends with
        Assert.Equal([SlotKind.Evaluate, SlotKind.Evaluate], new[] { 5, 6 }.Select(index => plan[index].Kind));
        Assert.DoesNotContain(
            true,
            Enumerable
                .Range(0, 5)
                .Select(index => new SlotPlan(spec with { Checkpoint = new CheckpointSpec() }, 50, 600, 4).IsCheckpoint(index))
        );
    }

    /// <param name="Train">Training images.</param>
    /// <param name="Test">Test images.</param>
    public sealed record Run(
        int Train,
        int Test,
        int Classes,
        int Batch,
        int Epochs,
        string Negatives,
        int Lag,
        int FastEvery,
        int GoodnessEvery
    )
    {
        internal SlotPlan Plan => new(Spec, Train, Test, Classes);

        private ExperimentSpec Spec =>
            new()
            {
                BatchSize = Batch,
                Epochs = Epochs,
                Negatives = new NegativesSpec { Kind = Negatives, Lag = Lag },
                Evaluation = new EvaluationSpec { FastEvery = FastEvery, GoodnessEvery = GoodnessEvery },
            };
    }

    public static TheoryData<Run> Runs { get; } =
    [
        new Run(200, 50, 4, 10, 3, NegativesKind.Hard, 8, 1, 2),
        new Run(200, 50, 4, 10, 3, NegativesKind.Random, 8, 1, 10),
        new Run(203, 1001, 10, 17, 5, NegativesKind.Hard, 1, 2, 3), // images are left over, batches of tests too
        new Run(30, 7, 3, 10, 2, NegativesKind.Hard, 1024, 1, 1), // the lag is longer than the run
        new Run(10, 1, 2, 10, 1, NegativesKind.Hard, 8, 0, 0),
        new Run(10, 600, 255, 10, 4, NegativesKind.Hard, 3, 1, 1), // the lag spans epochs
        new Run(1000, 3001, 10, 150, 6, NegativesKind.Random, 8, 0, 4),
    ];

    [Theory]
    [MemberData(nameof(Runs))]
    public void Every_batch_is_neutral_once_and_learned_once_in_order(Run run)
    {
        var plan = run.Plan;
        var expected = Enumerable.Range(0, run.Epochs * (run.Train / run.Batch)).Select(b => (long)b).ToList();

        Assert.Equal(expected.Count, plan.Batches);
        Assert.Equal(expected, Slots(plan).Where(s => s.NeutralBatch >= 0).Select(s => s.NeutralBatch));
        Assert.Equal(expected, Slots(plan).Where(s => s.LearnedBatch >= 0).Select(s => s.LearnedBatch));
    }

    [Theory]
    [MemberData(nameof(Runs))]
    public void A_batch_is_learned_the_lag_of_training_slots_after_it_was_neutral(Run run)
    {
        var plan = run.Plan;
        var training = Slots(plan).Where(s => s.Kind == SlotKind.Train).ToList();
        var lag = run.Negatives == NegativesKind.Random ? 0 : (int)Math.Min(run.Lag, plan.Batches);

        Assert.Equal(lag, plan.Lag);
        Assert.Equal(plan.Batches + lag, training.Count);
        for (var batch = 0; batch < plan.Batches; batch++)
        {
            Assert.Equal(batch, training[batch].NeutralBatch);
            Assert.Equal(batch, training[batch + lag].LearnedBatch);
        }
    }

    [Theory]
    [MemberData(nameof(Runs))]
    public void Every_evaluation_that_is_due_shows_every_test_image_once_and_ends_once(Run run)
    {
        var plan = run.Plan;
        for (var epoch = 0; epoch < run.Epochs; epoch++)
        {
            var slots = Slots(plan).Where(s => s.Kind == SlotKind.Evaluate && s.Epoch == epoch).ToList();
            bool fast = IsDue(epoch, run.FastEvery, run),
                goodness = IsDue(epoch, run.GoodnessEvery, run);
            Assert.Equal(fast ? Enumerable.Range(0, run.Test) : [], slots.SelectMany(s => Enumerable.Range(s.FirstImage, s.FastImages)));
            Assert.Equal(
                goodness ? Enumerable.Range(0, run.Test) : [],
                slots.SelectMany(s => Enumerable.Range(s.FirstImage, s.GoodnessImages))
            );
            Assert.Equal(fast || goodness ? [slots[^1]] : [], slots.Where(s => s.EndsEvaluation));
        }
    }

    [Theory]
    [MemberData(nameof(Runs))]
    public void An_epoch_is_trained_then_evaluated_and_the_run_ends_once(Run run)
    {
        var slots = Slots(run.Plan);
        var end = Assert.Single(slots, s => s.Kind == SlotKind.End);

        Assert.Equal(slots[^1], end);
        Assert.True(slots[^2].EndsEvaluation);
        Assert.Equal(Enumerable.Range(0, slots.Count).Select(i => (long)i), slots.Select(s => s.Index));
        Assert.Equal(slots.Select(s => s.Epoch).Order(), slots.Select(s => s.Epoch));
        foreach (var epoch in slots.Where(s => s.Kind != SlotKind.End).GroupBy(s => s.Epoch))
        {
            Assert.Equal(epoch.Select(s => s.Kind).Order(), epoch.Select(s => s.Kind)); // training comes before evaluation
        }
    }

    [Theory]
    [MemberData(nameof(Runs))]
    public void No_slot_is_empty_or_carries_more_rows_than_the_most(Run run)
    {
        var plan = run.Plan;
        var rows = Slots(plan)
            .Where(s => s.Kind != SlotKind.End)
            .Select(s =>
                (s.LearnedBatch >= 0 ? 2 * run.Batch : 0)
                + (s.NeutralBatch >= 0 ? run.Batch : 0)
                + s.FastImages
                + (s.GoodnessImages * run.Classes)
            );
        Assert.All(rows, count => Assert.InRange(count, 1, plan.MaxRows));
    }

    [Fact]
    public void Counts_the_operations_of_the_products()
    {
        // 4 batches of 10: 2 slots of neutral rows, 2 of all three groups, 2 of learned rows; then 20 images fast and with 4 labels each.
        var plan = new Run(40, 20, 4, 10, 1, NegativesKind.Hard, 2, 1, 1).Plan;
        const double Weights = (6 * 5) + (5 * 3),
            Forward = 40 + 80 + 20 + 80,
            Learned = 80;
        var spec = new ExperimentSpec { Layers = [5, 3] };
        Assert.Equal(2 * Weights * (Forward + Learned), Recipe.Of(spec).Network.MatrixOperations(plan, 6, []));
        Assert.Equal(
            2 * ((6 * 5 * (Forward + (0.5 * Learned))) + (5 * 3 * (Forward + (0.25 * Learned)))),
            Recipe.Of(spec).Network.MatrixOperations(plan, 6, [0.5, 0.25])
        );
    }

    [Fact]
    public void Refuses_a_batch_that_is_larger_than_the_data_set()
    {
        var thrown = Assert.Throws<InvalidInputException>(() => new Run(9, 5, 2, 10, 1, NegativesKind.Hard, 1, 1, 1).Plan);
        Assert.Equal("batchSize: 10 is larger than the data set's 9 training images; at most 9 was expected.", thrown.Message);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    public void Refuses_a_slot_outside_the_run(long offset)
    {
        var plan = new Run(10, 5, 2, 10, 1, NegativesKind.Hard, 1, 1, 1).Plan;
        Assert.Throws<ArgumentOutOfRangeException>(() => plan[offset < 0 ? offset : plan.SlotCount]);
    }

    private static bool IsDue(int epoch, int every, Run run) => epoch == run.Epochs - 1 || (every > 0 && (epoch + 1) % every == 0);

    private static List<PlannedSlot> Slots(SlotPlan plan) => [.. Enumerable.Range(0, (int)plan.SlotCount).Select(i => plan[i])];
}
