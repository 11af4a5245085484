using ForwardForward.Learning.Recipes;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tensors;

namespace ForwardForward.Learning.Tests.Recipes;

public sealed class SlotSizeTests
{
    [Theory]
    [InlineData(
        10_000,
        65_536,
        784,
        Precision.Fp32,
        "30000 rows, three for each image of batchSize 10000, and with layers[1] of 65536 units that is 7864320000 bytes"
    )]
    [InlineData(
        10_000,
        65_536,
        784,
        Precision.Auto,
        "30000 rows, three for each image of batchSize 10000, and with layers[1] of 65536 units that is 3932160000 bytes"
    )]
    [InlineData(
        20,
        100,
        4_000_000,
        Precision.Fp32,
        "300 rows of test candidates, and with pictures of 4000000 pixels that is 4800000000 bytes"
    )]
    public void A_slot_that_no_memory_holds_in_one_piece_is_refused_with_what_makes_it_so_large(
        int batch,
        int units,
        int pixels,
        Precision precision,
        string why
    )
    {
        var spec = new ExperimentSpec
        {
            Layers = [50, units],
            BatchSize = batch,
            Precision = precision,
        };
        var refused = Assert.Throws<InvalidInputException>(() => SlotSize.Require(spec, new SlotPlan(spec, 20_000, 100, 10), pixels));
        Assert.Equal(
            $"A slot has {why}, expected at most {Activations.MaxBytes}: a smaller batchSize, or fewer units or pixels.",
            refused.Message
        );
    }

    [Theory]
    [InlineData(10_000, 15_658)] // the widest
    [InlineData(7_168, 21_845)]
    public void What_is_not_refused_can_be_held(int batch, int units)
    {
        var spec = new ExperimentSpec
        {
            Layers = [50, units],
            BatchSize = batch,
            Precision = Precision.Fp32,
        };
        var plan = new SlotPlan(spec, 20_000, 100, 10);
        SlotSize.Require(spec, plan, 784);
        using var rows = Activations.Rent(plan.MaxRows, units, Precision.Fp32);
        Assert.InRange(rows.Length, 0, Activations.MaxBytes);
        Assert.Equal(rows.Length, rows.Bytes.Length);
    }
}
