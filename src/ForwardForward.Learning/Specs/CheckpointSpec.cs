using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace ForwardForward.Learning.Specs;

public sealed record CheckpointSpec
{
    [Description(
        "A checkpoint is taken after every so many slots, where that slot is a training slot; a run that is interrupted or "
            + "loses a silo goes on from the last one, and no more than about that many slots are done twice. 0 means never, and "
            + "such a run fails. Changes no bit of the result."
    )]
    [Range(0, int.MaxValue)]
    public int EverySlots { get; init; } = 500;

    [Description(
        "Whether the run moves, by way of a checkpoint, when a silo has joined, or is back, that makes its slowest part at "
            + "least a tenth faster. Changes no bit of the result."
    )]
    public bool Rebalance { get; init; } = true;
}
