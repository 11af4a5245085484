using System.Net;
using ForwardForward.Learning.Checkpoints;
using ForwardForward.Runtime.Checkpoints;
using ForwardForward.Runtime.Placement;

namespace ForwardForward.Runtime.Tests.Checkpoints;

public sealed class CheckpointAssemblyTests
{
    private static readonly CheckpointManifest Manifest = new(
        "run",
        1,
        20,
        "cpu/test",
        "{}",
        [new("layer-1", 4, "a") { Holders = ["one", "two"] }, new("layer-2", 4, "b") { Holders = ["two", "three"] }]
    );

    [Fact]
    public void What_every_silo_has_together_is_whole_and_names_who_has_it_now()
    {
        var (found, reason) = CheckpointAssembly.Of(Manifest, [Held("one", "layer-1"), Held("three", "layer-2"), Held("four", "layer-2")]);

        Assert.Null(reason);
        Assert.Equal(
            [
                ["one"],
                ["three", "four"],
            ],
            found!.Files.Select(file => file.Holders!)
        );
    }

    [Fact]
    public void A_file_that_only_absent_silos_keep_is_missing_and_they_are_awaited()
    {
        var (_, reason) = CheckpointAssembly.Of(Manifest, [Held("one", "layer-1")]);

        Assert.Equal(
            (
                SkipCause.Missing,
                "The checkpoint of slot 20, generation 1 lacks layer-2: no silo that is there has it, expected it on two and three."
            ),
            (reason!.Cause, reason.Reason)
        );
        Assert.Equal(["two", "three"], reason.Awaited);
        var search = new CheckpointSearch(null, [reason]);
        Assert.True(search.IsBehind(20));
        Assert.False(search.IsBehind(null));
        Assert.Equal(["two", "three"], search.Awaited);
        Assert.True((search with { MayBeIncomplete = true }).IsWorthAWait(20));
        Assert.False(search.IsWorthAWait(20));
    }

    [Fact]
    public void A_file_that_is_damaged_here_and_whole_on_an_absent_silo_is_missing()
    {
        var (_, reason) = CheckpointAssembly.Of(
            Manifest,
            [Held("one", "layer-1"), new("two", new HeldFiles(["layer-1"], [new("layer-2", "/two/layer-2 is damaged.")]))]
        );

        Assert.Equal(
            (SkipCause.Missing, "The checkpoint of slot 20, generation 1 lacks layer-2: on the silo two /two/layer-2 is damaged."),
            (reason!.Cause, reason.Reason)
        );
        Assert.Equal(["three"], reason.Awaited);
    }

    [Fact]
    public void Where_one_file_is_lost_for_good_nobody_is_awaited()
    {
        var (_, reason) = CheckpointAssembly.Of(Manifest, [Held("one"), Held("two")]);

        Assert.Equal(
            (
                SkipCause.Damaged,
                "The checkpoint of slot 20, generation 1 lacks layer-1: no silo that is there has it, expected it on one and two."
            ),
            (reason!.Cause, reason.Reason)
        );
        Assert.Null(reason.Awaited);
        var search = new CheckpointSearch(null, [reason]) { MayBeIncomplete = true };
        Assert.False(search.IsWorthAWait(20));
        Assert.True(search.IsWorthAWait(30), "Of the checkpoint of slot 30 nothing is known.");
    }

    [Fact]
    public void Candidates_are_newest_first_and_one_manifest_is_enough()
    {
        var newer = Manifest with { Slot = 30 };
        var candidates = CheckpointAssembly.Candidates([
            new(
                "one",
                new CheckpointListing(
                    [Manifest],
                    [new(newer.Id, SkipCause.Unfinished, "No manifest."), new(new CheckpointId(40, 1), SkipCause.Unfinished, "Nor here.")]
                )
            ),
            new("two", new CheckpointListing([newer, Manifest], [])),
        ]);

        Assert.Equal([(40, null), (30, newer), (20, Manifest)], candidates.Select(candidate => (candidate.Id.Slot, candidate.Manifest)));
        Assert.Equal("On the silo one: Nor here.", candidates[0].Reason!.Reason);
    }

    [Theory]
    [InlineData("10.0.0.1:1", "10.0.0.1:1", null)]
    [InlineData("10.0.0.1:1", "10.0.0.1:1 10.0.0.2:1 10.0.0.3:1", "10.0.0.2:1")]
    [InlineData("10.0.0.3:1", "10.0.0.1:1 10.0.0.2:1 10.0.0.3:1", "10.0.0.1:1")]
    [InlineData("10.0.0.1:1", "10.0.0.1:1 10.0.0.1:2 10.0.0.2:1", "10.0.0.2:1")]
    [InlineData("10.0.0.1:2", "10.0.0.1:1 10.0.0.1:2", "10.0.0.1:1")]
    public void Copies_go_to_the_next_silo_and_to_another_machine_where_there_is_one(string own, string active, string? next) =>
        Assert.Equal(next, CheckpointHolders.Next(Silo(own), active.Split(' ').Select(Silo))?.Address.Endpoint.ToString());

    private static ActiveSilo Silo(string endpoint) => new(SiloAddress.New(IPEndPoint.Parse(endpoint), 0), endpoint);

    private static SiloAnswer<HeldFiles> Held(string silo, params string[] whole) => new(silo, new HeldFiles(whole, []));
}
