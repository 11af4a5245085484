using System.Text.Json.Serialization;
using ForwardForward.Chaos.Faults;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Chaos.Recovery;

/// <summary>Times of one way to lose a silo; medians of its tries.</summary>
public sealed record RecoveryTimes(double DetectSeconds, double FirstSlotSeconds, IReadOnlyList<TimedLoss> Tries)
{
    /// <returns>Null without tries.</returns>
    public static RecoveryTimes? Of(IReadOnlyList<TimedLoss> tries) =>
        tries.Count == 0
            ? null
            : new(Median(tries.Select(loss => loss.DetectSeconds)), Median(tries.Select(loss => loss.FirstSlotSeconds)), tries);

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
    }
}

/// <summary>What <c>bench recovery --json</c> prints.</summary>
/// <param name="Sigkill">Null where it was not tried.</param>
/// <param name="Sigstop">Null where it was not tried.</param>
/// <param name="EqualHashes">Faults whose run ended in the reference's state hash.</param>
/// <param name="SlotsLost">Measurements that are missing.</param>
/// <param name="SlotsDoubled">Measurements that are there again or with another value.</param>
/// <param name="RedoneSlotsMax">Most slots done again after one fault.</param>
/// <param name="FaultKinds">Faults by kind.</param>
public sealed record RecoveryResult(
    RecoveryTimes? Sigkill,
    RecoveryTimes? Sigstop,
    int Faults,
    int EqualHashes,
    int Runs,
    int SlotsLost,
    int SlotsDoubled,
    long RedoneSlotsMax,
    int CheckpointEverySlots,
    int Seed,
    IReadOnlyDictionary<string, int> FaultKinds
)
{
    /// <summary>Null where it was not measured.</summary>
    public CheckpointCostResult? CheckpointCost { get; init; }

    /// <summary>Whether every run ended as the reference, measured what it measured, and showed a watcher all of it.</summary>
    [JsonIgnore]
    public bool IsGood { get; private init; }

    internal static RecoveryResult Of(
        RecoveryTimes? sigkill,
        RecoveryTimes? sigstop,
        IReadOnlyList<ChaosOutcome> runs,
        CheckpointSpec checkpoint,
        int seed
    )
    {
        var faults = runs.SelectMany(run => run.Faults).ToList();
        return new RecoveryResult(
            sigkill,
            sigstop,
            faults.Count,
            runs.Where(run => run.HashIsEqual).Sum(run => run.Faults.Count),
            runs.Count,
            runs.Sum(run => run.Ledger.Lost),
            runs.Sum(run => run.Ledger.Doubled),
            runs.Select(run => run.RedoneSlots).DefaultIfEmpty().Max(),
            checkpoint.EverySlots,
            seed,
            faults
                .GroupBy(fault => fault.Kind)
                .OrderBy(kind => kind.Key)
                .ToDictionary(kind => kind.Key.ToString().ToLowerInvariant(), kind => kind.Count())
        )
        {
            IsGood = runs.All(run => run.Failure is null),
        };
    }
}
