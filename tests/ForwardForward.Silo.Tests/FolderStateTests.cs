using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Orleans.Storage;

namespace ForwardForward.Silo.Tests;

public sealed class FolderStateTests : IDisposable
{
    private static readonly GrainId Run = GrainId.Create("experiment", "lucky/1");
    private readonly string _folder = Directory.CreateTempSubdirectory("ff-records-").FullName;
    private readonly FolderState _state;

    public FolderStateTests() =>
        _state = new FolderState(
            _folder,
            new OrleansGrainStorageSerializer(
                new ServiceCollection().AddSerializer().BuildServiceProvider().GetRequiredService<Serializer>()
            )
        );

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_record_is_read_as_it_was_written_and_gone_once_it_is_cleared()
    {
        var (written, read, gone) = (new GrainState<List<string>>(["a", "b"]), Empty(), Empty());

        await _state.WriteStateAsync("run", Run, written);
        await _state.ReadStateAsync("run", Run, read);
        await _state.ClearStateAsync("run", Run, written);
        await _state.ReadStateAsync("run", Run, gone);

        Assert.Equal(["a", "b"], read.State);
        Assert.True(read.RecordExists);
        Assert.Equal((false, null), (gone.RecordExists, gone.ETag));
        Assert.Empty(gone.State!);
    }

    [Fact]
    public async Task Of_two_silos_that_write_at_once_the_one_that_did_not_see_the_other_is_refused()
    {
        var (first, second) = (Empty(), Empty());
        await _state.ReadStateAsync("run", Run, first);
        await _state.ReadStateAsync("run", Run, second);
        first.State!.Add("first");
        second.State!.Add("second");

        await _state.WriteStateAsync("run", Run, first);

        await Assert.ThrowsAsync<InconsistentStateException>(() => _state.WriteStateAsync("run", Run, second));
        await Assert.ThrowsAsync<InconsistentStateException>(() => _state.ClearStateAsync("run", Run, second));
        await _state.ReadStateAsync("run", Run, second);
        Assert.Equal(["first"], second.State);
    }

    private static GrainState<List<string>> Empty() => new([]);
}
