using System.Net;
using ForwardForward.Learning.Tests.Data;
using ForwardForward.Runtime.Checkpoints;
using ForwardForward.Runtime.Hosting;
using ForwardForward.Runtime.Placement;

namespace ForwardForward.Runtime.Tests.Hosting;

public sealed class SharedFolderCheckTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_folder_that_is_not_the_others_is_refused_with_both_folders_and_the_setting()
    {
        var (other, _) = There("one");

        var refused = await Objection(Place("two"), other);

        Assert.Equal(
            $"its checkpoint folder {_folder["two"]} is said to be shared, but what silo-1 keeps in {_folder["one"]} is not to "
                + "be seen there; "
                + "expected one folder on storage that both see, or FF_CHECKPOINTS_SHARED=false for every silo, which then keep "
                + "copies of each other's files",
            refused
        );
    }

    [Fact]
    public async Task A_copy_of_a_folder_is_another_folder()
    {
        var (before, _) = There("one");
        Copy("one", "two");
        var (now, _) = There("one"); // started again: what lies in the copy tells of the process before

        Assert.NotNull(await Objection(Place("two"), now));
        Assert.Equal([now.Profile.Checkpoints!.Mark], Directory.GetFiles(_folder["one/.silos"]).Select(Path.GetFileName));
        Assert.NotEqual(before.Profile.Checkpoints!.Mark, now.Profile.Checkpoints.Mark);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_is_refused_with_the_reason()
    {
        File.WriteAllText(_folder["file"], "");
        var (other, _) = There("one");

        Assert.StartsWith(
            $"its checkpoint folder {_folder["file"]} is said to be shared and cannot be written (",
            await Objection(Place("file"), other),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_folder_in_which_the_others_are_to_be_seen_is_shared_although_nothing_can_be_written_there_any_more()
    {
        var (other, _) = There("one");
        var place = Place("one") with { Mark = $"none/{Guid.NewGuid():n}" };

        Assert.Null(await Objection(place, other));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_silo_that_shares_its_folder_is_no_neighbour_of_one_that_does_not(bool shares)
    {
        var (other, _) = There("one", !shares);

        var refused = await Objection(Place("one", shares), other);

        Assert.StartsWith(
            $"FF_CHECKPOINTS_SHARED is {(shares ? "true" : "false")} ({_folder["one"]}), but FF_CHECKPOINTS_SHARED is "
                + $"{(shares ? "false" : "true")} ({_folder["one"]}) there; set it the same for all silos",
            refused,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Silos_that_share_nothing_need_see_nothing_of_each_other() =>
        Assert.Null(await Objection(Place("two", isShared: false), There("one", isShared: false).Member));

    [Fact]
    public async Task A_silo_alone_keeps_its_checkpoints_where_it_likes() => Assert.Null(await Objection(Place("two")));

    [Fact]
    public async Task Who_has_seen_one_of_the_others_has_their_folder()
    {
        var (one, _) = There("one");
        var (unmarked, check) = There("one", number: 3);
        check.Leave();

        Assert.Null(await Objection(Place("one"), unmarked, one));
    }

    private (SiloMember Member, SharedFolderCheck Check) There(string folder, bool isShared = true, int number = 1)
    {
        var profile = SiloProfile.Unmeasured with { Checkpoints = CheckpointPlace.Of(_folder[folder], isShared, $"silo-{number}") };
        var check = new SharedFolderCheck(profile, new HurriedTime());
        check.Enter();
        return (new SiloMember(SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 11110 + number), 1), $"silo-{number}", profile), check);
    }

    private CheckpointPlace Place(string folder, bool isShared = true) => CheckpointPlace.Of(_folder[folder], isShared, "silo-2");

    private static async Task<string?> Objection(CheckpointPlace own, params SiloMember[] others)
    {
        var check = new SharedFolderCheck(SiloProfile.Unmeasured with { Checkpoints = own }, new HurriedTime());
        check.Enter();
        var objection = await check.Objection(others, mustKnow: true, CancellationToken.None);
        Assert.Equal(objection is null ? null : others[0], objection?.Beside);
        return objection?.Reason;
    }

    private void Copy(string from, string to)
    {
        foreach (var file in Directory.GetFiles(_folder[from], "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(_folder[to], Path.GetRelativePath(_folder[from], file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    /// <summary>In which every look at the clock takes ten seconds.</summary>
    private sealed class HurriedTime : TimeProvider
    {
        private long _looks;

        public override long GetTimestamp() => ++_looks * TimestampFrequency * 10;
    }
}
