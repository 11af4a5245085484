using ForwardForward.Contracts.Experiments;
using ForwardForward.Runtime.Experiments;

namespace ForwardForward.Runtime.Tests.Experiments;

/// <summary>What people read of what befalls a run.</summary>
public sealed class IncidentTextTests
{
    [Fact]
    public void A_loss_names_the_silos_that_are_gone_or_what_was_lost_where_none_is()
    {
        Assert.Equal("silo-2 lost after slot 812", IncidentText.Loss(["silo-2"], "The readout lost a neighbour.", 812));
        Assert.Equal("a, b and c lost before a slot was known to be through", IncidentText.Loss(["a", "b", "c"], "", -1));
        Assert.Equal("The readout lost a neighbour (after slot 0)", IncidentText.Loss([], "The readout lost a neighbour.", 0));
    }

    [Fact]
    public void A_run_goes_on_from_a_checkpoint_or_from_the_beginning()
    {
        Assert.Equal("going on from slot 700 on 2 silos", IncidentText.GoingOn(700, silos: 2));
        Assert.Equal("going on from the beginning on 1 silo", IncidentText.GoingOn(null, silos: 1));
    }

    [Fact]
    public void Silos_that_are_found_gone_later_are_of_the_same_loss()
    {
        var loss = Loss("silo-2") with { What = "The layer 2 lost a neighbour (after slot 9)", Silos = [] };

        var one = loss.AndGone(["silo-2"]);
        var both = one.AndGone(["silo-2", "silo-3"]);

        Assert.Equal("silo-2 lost after slot 9", one.What);
        Assert.Equal(("silo-2 and silo-3 lost after slot 9", "silo-2,silo-3"), (both.What, string.Join(',', both.Silos)));
        Assert.Same(both, both.AndGone(["silo-3"]));
        Assert.True(both.Covers(["silo-1"]));
    }

    [Fact]
    public void A_move_is_of_the_silos_that_it_names_alone()
    {
        var move = Loss("silo-2") with { Kind = IncidentKind.Move, What = "silo-2 shut down after slot 9" };

        Assert.True(move.Covers(["silo-2"]));
        Assert.False(move.Covers(["silo-2", "silo-3"]));
        Assert.Same(move, move.AndGone(["silo-3"]));
    }

    [Fact]
    public void What_a_checkpoint_proves_to_be_through_was_through_before_the_loss()
    {
        var unknown = Loss("silo-1") with { Slot = -1, What = "silo-1 lost before a slot was known to be through" };

        var known = unknown.NotBefore(39);

        Assert.Equal((39, "silo-1 lost after slot 39"), (known.Slot, known.What));
        Assert.Same(known, known.NotBefore(39));
        Assert.Same(unknown, unknown.NotBefore(null));
        Assert.Equal((79, "The readout lost a neighbour (after slot 79)"), (Reported().NotBefore(79).Slot, Reported().NotBefore(79).What));
    }

    private static Incident Reported() => Loss("silo-1") with { What = "The readout lost a neighbour (after slot 9)" };

    private static Incident Loss(string silo) =>
        new()
        {
            Number = 1,
            Kind = IncidentKind.Loss,
            Slot = 9,
            Seconds = 5,
            At = DateTimeOffset.UnixEpoch,
            What = $"{silo} lost after slot 9",
            Silos = [silo],
        };
}
