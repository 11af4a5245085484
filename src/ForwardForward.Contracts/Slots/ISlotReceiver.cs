using Orleans.Concurrency;

namespace ForwardForward.Contracts.Slots;

internal enum PushOutcome : byte
{
    /// <summary>The slot is in the inbox.</summary>
    Accepted = 1,

    /// <summary>It came before: it is in the inbox, or was handled already.</summary>
    Duplicate = 2,

    /// <summary>There is no room; nothing was kept.</summary>
    Full = 3,

    /// <summary>The receiver works for another generation of the run, or for none.</summary>
    WrongGeneration = 4,

    /// <summary>It was a piece of a slot; others are still to come.</summary>
    Incomplete = 5,
}

/// <param name="NextExpected">The lowest slot that has not come yet.</param>
/// <param name="FreePlaces">Slots from <paramref name="NextExpected"/> on that there is room for.</param>
/// <param name="NextPiece">Of a slot that is incomplete: the piece that is wanted next.</param>
[GenerateSerializer, Immutable, Alias("ff.push-answer")]
internal readonly record struct PushAnswer(
    [property: Id(0)] PushOutcome Outcome,
    [property: Id(1)] long NextExpected,
    [property: Id(2)] int FreePlaces,
    [property: Id(3)] int NextPiece = 0
);

/// <summary>A stage that slots are pushed to. No call waits for work: the answer says what became of the slot.</summary>
internal interface ISlotReceiver : IGrainWithStringKey
{
    /// <summary>Offers one slot to the inbox of its lane.</summary>
    [AlwaysInterleave, ResponseTimeout("00:00:05")]
    ValueTask<PushAnswer> Push(SlotMessage message);

    /// <summary>Answers as soon as the lane has room for a slot, or after a second without room.</summary>
    [AlwaysInterleave, ResponseTimeout("00:00:05")]
    ValueTask<PushAnswer> WaitForRoom(int generation, int lane, long slot);
}
