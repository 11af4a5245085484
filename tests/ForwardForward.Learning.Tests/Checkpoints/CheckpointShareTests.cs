using ForwardForward.Learning.Checkpoints;
using ForwardForward.Learning.Tests.CheckpointWriter;

namespace ForwardForward.Learning.Tests.Checkpoints;

/// <summary>A folder that holds some files of a checkpoint of which the others are elsewhere.</summary>
public sealed class CheckpointShareTests : IDisposable
{
    private static readonly CheckpointId First = new(100, 1);
    private static readonly CheckpointId Second = new(200, 1);
    private readonly SmallFolder _origin = new(First, Second);
    private readonly SmallFolder _copies = new();

    public void Dispose()
    {
        _origin.Dispose();
        _copies.Dispose();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1 << 20)]
    public void A_copy_in_pieces_is_the_file(int pieceBytes)
    {
        var (manifest, layer) = Layer();

        _copies.Checkpoints.Receive(Second, layer, Pieces(layer, pieceBytes));
        _copies.Checkpoints.CommitShare(manifest, [layer.Name]);

        Assert.Equal(File.ReadAllBytes(_origin[Second, layer.Name]), File.ReadAllBytes(_copies[Second, layer.Name]));
        Assert.Equal([layer.Name], _copies.Checkpoints.Held(manifest).Whole);
        Assert.Equal(Second, Assert.Single(_copies.Checkpoints.Listing(SmallCheckpoint.Spec, SmallCheckpoint.Fingerprint).Manifests).Id);
        Assert.Equal(manifest.Journal, _copies.Checkpoints.Manifest(Second, SmallCheckpoint.Spec, SmallCheckpoint.Fingerprint)!.Journal);
    }

    [Fact]
    public void Every_flipped_bit_and_every_truncation_of_a_copy_is_refused_and_leaves_what_was_there()
    {
        var (manifest, layer) = Layer();
        _copies.Checkpoints.Receive(Second, layer, Pieces(layer, 64));
        var bytes = File.ReadAllBytes(_origin[Second, layer.Name]);
        for (var bit = 0; bit < 8 * bytes.Length; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            Refused(bytes);
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }

        for (var length = 0; length < bytes.Length; length++)
        {
            Refused(bytes[..length]);
        }

        Refused([.. bytes, 0]);
        Assert.Equal([layer.Name], _copies.Checkpoints.Held(manifest).Whole);
        Assert.Equal([layer.Name], Directory.GetFileSystemEntries(_copies[Second]).Select(Path.GetFileName));

        void Refused(byte[] content) =>
            Assert.Contains(
                "did not arrive as it was written",
                Assert.Throws<CheckpointException>(() => _copies.Checkpoints.Receive(Second, layer, [content])).Message,
                StringComparison.Ordinal
            );
    }

    [Fact]
    public void A_copy_whose_sender_is_lost_on_the_way_leaves_nothing()
    {
        var (_, layer) = Layer();

        Assert.Throws<TimeoutException>(() => _copies.Checkpoints.Receive(Second, layer, Pieces(layer, 16).Take(2).Concat(Lost())));

        Assert.Empty(Directory.GetFileSystemEntries(_copies[Second]));
    }

    [Fact]
    public void A_share_is_committed_only_where_its_files_are_and_removes_nothing()
    {
        var (manifest, layer) = Layer();
        Assert.Contains(
            "is not there, expected the",
            Assert.Throws<CheckpointException>(() => _copies.Checkpoints.CommitShare(manifest, [layer.Name])).Message,
            StringComparison.Ordinal
        );
        Assert.Empty(_copies.All);

        _copies.Checkpoints.CommitShare(manifest, []);

        Assert.Equal([Second], _copies.All);
        Assert.Empty(_copies.Checkpoints.Held(manifest).Whole);
    }

    [Fact]
    public void Who_keeps_a_file_is_in_the_manifest_and_a_shared_folders_manifest_says_nothing_of_it()
    {
        var (manifest, layer) = Layer();
        Assert.DoesNotContain("holders", File.ReadAllText(_origin[Second, "manifest.json"]), StringComparison.Ordinal);

        _copies.Checkpoints.CommitShare(manifest with { Files = [layer with { Holders = ["one", "two"] }] }, []);

        Assert.Equal(
            ["one", "two"],
            _copies.Checkpoints.Manifest(Second, SmallCheckpoint.Spec, SmallCheckpoint.Fingerprint)!.Files[0].Holders!
        );
    }

    [Fact]
    public void Only_what_is_older_is_removed()
    {
        Assert.Empty(_origin.Checkpoints.RemoveOlderThan(First));
        Assert.Equal([Second, First], _origin.All);
        Assert.Empty(_origin.Checkpoints.RemoveOlderThan(Second));
        Assert.Equal([Second], _origin.All);
        Assert.Empty(_copies.Checkpoints.RemoveOlderThan(Second));
    }

    private (CheckpointManifest Manifest, CheckpointFile Layer) Layer()
    {
        var manifest = _origin.Search().Latest!;
        return (manifest, manifest.File(SmallCheckpoint.Layer));
    }

    private IEnumerable<ReadOnlyMemory<byte>> Pieces(CheckpointFile file, int bytes)
    {
        for (var offset = 0L; offset < file.Bytes; offset += bytes)
        {
            yield return _origin.Checkpoints.ReadPiece(Second, file.Name, offset, bytes);
        }
    }

    private static IEnumerable<ReadOnlyMemory<byte>> Lost()
    {
        yield return new byte[1];
        throw new TimeoutException("The silo is gone.");
    }
}
