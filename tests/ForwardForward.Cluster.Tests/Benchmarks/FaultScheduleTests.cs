using ForwardForward.Chaos.Faults;

namespace ForwardForward.Cluster.Tests.Benchmarks;

public sealed class FaultScheduleTests
{
    private const int Many = 2000;

    [Fact]
    public void The_same_seed_gives_the_same_schedule_from_wherever_it_is_read()
    {
        var schedule = Faults(7);
        Assert.Equal(schedule, Faults(7));
        Assert.Equal(schedule[^1], new FaultSchedule(7, 3, canCut: true)[Many]);
    }

    [Fact]
    public void Another_seed_gives_another_schedule() => Assert.NotEqual(Faults(7), Faults(8));

    [Fact]
    public void Every_kind_every_silo_and_both_ways_to_wait_come_up()
    {
        var faults = Faults(1);
        Assert.Equal(Enum.GetValues<FaultKind>(), faults.Select(fault => fault.Kind).Distinct().Order());
        Assert.Equal([0, 1, 2], faults.Select(fault => fault.Silo).Distinct().Order());
        Assert.Equal([false, true], faults.Select(fault => fault.IsHasty).Distinct().Order());
        Assert.Equal([false, true], faults.Select(fault => fault.MovesPorts).Distinct().Order());
    }

    [Fact]
    public void Silos_are_held_and_cut_off_for_one_to_fifteen_seconds() =>
        Assert.All(
            Faults(1).Where(fault => fault.Kind is FaultKind.SigStop or FaultKind.Cut),
            fault => Assert.InRange(fault.Lasts.TotalSeconds, 1, 15)
        );

    [Fact]
    public void Where_the_network_cannot_be_cut_no_cut_is_planned() =>
        Assert.DoesNotContain(Faults(1, canCut: false), fault => fault.Kind == FaultKind.Cut);

    private static List<Fault> Faults(int seed, bool canCut = true)
    {
        var schedule = new FaultSchedule(seed, 3, canCut);
        return [.. Enumerable.Range(1, Many).Select(number => schedule[number])];
    }
}
