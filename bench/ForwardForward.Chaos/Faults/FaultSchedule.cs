using ForwardForward.Learning.Exactness;

namespace ForwardForward.Chaos.Faults;

/// <summary>Which fault is made when: a pure function of seed and number, so that a schedule can be run again.</summary>
/// <param name="silos">Silos to choose a victim from.</param>
/// <param name="canCut">Whether the network can be cut.</param>
public sealed class FaultSchedule(int seed, int silos, bool canCut)
{
    private const float HastyShare = 0.25f;
    private const float MovingShare = 0.3f;

    private static readonly (FaultKind Kind, int Weight, double MinSeconds, double MaxSeconds)[] Kinds =
    [
        (FaultKind.SigKill, 30, 0.2, 3),
        (FaultKind.SigStop, 20, 1, 15),
        (FaultKind.Cut, 15, 1, 15),
        (FaultKind.SigTerm, 15, 0.2, 3),
        (FaultKind.Redis, 8, 0.2, 5),
        (FaultKind.Watcher, 7, 0.5, 3),
        (FaultKind.All, 5, 0.2, 3),
    ];

    private readonly (FaultKind Kind, int Weight, double MinSeconds, double MaxSeconds)[] _kinds =
    [
        .. Kinds.Where(choice => canCut || choice.Kind != FaultKind.Cut),
    ];

    /// <param name="number">From 1.</param>
    public Fault this[int number]
    {
        get
        {
            var random = new KeyedRandom(seed, RandomPurpose.Faults, 0, number);
            var (kind, _, least, most) = Chosen(random.NextInt32(_kinds.Sum(choice => choice.Weight)));
            var silo = random.NextInt32(silos);
            var isHasty = random.NextSingle() < HastyShare;
            var delay = Between(0.1, isHasty ? 1 : 4, ref random);
            return new Fault(number, kind, silo, delay, isHasty, Between(least, most, ref random), random.NextSingle() < MovingShare);
        }
    }

    private (FaultKind Kind, int Weight, double MinSeconds, double MaxSeconds) Chosen(int drawn)
    {
        var at = 0;
        while (drawn >= _kinds[at].Weight)
        {
            drawn -= _kinds[at++].Weight;
        }

        return _kinds[at];
    }

    private static TimeSpan Between(double least, double most, ref KeyedRandom random) =>
        TimeSpan.FromSeconds(least + ((most - least) * random.NextSingle()));
}
