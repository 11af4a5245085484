using ForwardForward.Learning.Recipes;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tensors;

namespace ForwardForward.Learning.Tests.Recipes;

/// <summary>Runs that a test of held-out images ends before their plan does.</summary>
public sealed class EarlyStoppingTests
{
    [Theory]
    [InlineData(0, "", true)]
    [InlineData(1, "", true)] // an epoch asks for the test of the one before the last
    [InlineData(2, "", null)]
    [InlineData(2, "0.5", true)]
    [InlineData(3, "0.5", null)]
    [InlineData(3, "0.5 0.6", true)]
    [InlineData(4, "0.5 0.6 0.5", false)] // no better is not enough
    [InlineData(4, "0.5 0.6 0.4", true)]
    [InlineData(6, "0.5 0.6 0.4 0.4 0.4", false)]
    [InlineData(4, "0.5 0.6 0.4 0.9 0.9", true)] // of tests that came later nothing depends
    public void An_epoch_begins_unless_two_tests_before_it_were_no_better_than_the_best(int epoch, string errors, bool? begins)
    {
        var tests = errors
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select((error, i) => new Evaluation(i, i + 1, double.Parse(error, System.Globalization.CultureInfo.InvariantCulture), null));

        Assert.Equal(begins, EarlyStopping.Begins(Spec(patience: 2), epoch, tests));
    }

    [Fact]
    public void Without_patience_every_epoch_begins() => Assert.True(EarlyStopping.Begins(Spec(patience: 0), 9, []));

    [Fact]
    public void What_may_not_decide_is_refused()
    {
        string Refused(ExperimentSpec spec) => Assert.Throws<InvalidInputException>(() => new SlotPlan(spec, 150, 50, 4)).Message;

        Assert.Contains("expected holdOut above 0.", Refused(Spec(patience: 2) with { HoldOut = 0 }), StringComparison.Ordinal);
        Assert.Contains(
            "evaluation.fastEvery is 2; expected 1.",
            Refused(
                Spec(patience: 2) with
                {
                    Evaluation = new EvaluationSpec { Patience = 2, FastEvery = 2 },
                }
            ),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void It_ends_in_the_state_after_its_last_epoch_and_with_its_test()
    {
        // at a rate of 0 no test is better than the first: the epoch after the third is the last
        var spec = Spec(patience: 2) with
        {
            Optimizer = new OptimizerSpec { LearningRate = 0 },
            Readout = new ReadoutSpec { LearningRate = 0 },
        };
        using var trainer = new SequentialTrainer(spec, TinyRun.Data, new WorkerPool(1));
        var tests = new List<Evaluation>();
        trainer.Evaluated += tests.Add;
        var slots = 0;
        trainer.SlotDone += _ => slots++;

        var result = trainer.Run();

        Assert.Equal([1, 2, 3, 4], tests.Select(test => test.Epoch));
        Assert.Same(tests[^1], result.Evaluation);
        Assert.Equal(slots, trainer.NextSlot);
        Assert.True(trainer.Plan.BeginsEpoch(trainer.NextSlot));
        var last = Enumerable.Range(0, slots).Last(slot => trainer.Plan[slot].Kind == SlotKind.Train);
        Assert.True(trainer.Plan.IsCheckpoint(last));
        Assert.True(trainer.Plan.MayBeLastTraining(last));
        Assert.False(trainer.Plan.IsLastTraining(last));
    }

    private static ExperimentSpec Spec(int patience) =>
        TinyRun.Spec() with
        {
            HoldOut = 50,
            Evaluation = new EvaluationSpec { Patience = patience },
        };
}
