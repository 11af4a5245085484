using ForwardForward.Learning.Checkpoints;
using ForwardForward.Learning.Tests.CheckpointWriter;

namespace ForwardForward.Learning.Tests.Checkpoints;

public sealed class DamageTests : IDisposable
{
    private static readonly CheckpointId Older = new(100, 1);
    private static readonly CheckpointId Newer = new(200, 1);

    private readonly SmallFolder _folder = new(Older, Newer);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(SmallCheckpoint.Layer)]
    [InlineData(SmallCheckpoint.Source)]
    [InlineData("manifest.json")]
    public void Every_flipped_bit_is_noticed_and_the_one_before_is_used(string name)
    {
        var bytes = File.ReadAllBytes(_folder[Newer, name]);
        for (var bit = 0; bit < 8 * bytes.Length; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            AssertNoticed(name, bytes);
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }

        AssertWhole(name, bytes);
    }

    [Theory]
    [InlineData(SmallCheckpoint.Layer)]
    [InlineData(SmallCheckpoint.Source)]
    [InlineData("manifest.json")]
    public void Every_truncation_and_an_appended_byte_is_noticed_and_the_one_before_is_used(string name)
    {
        var bytes = File.ReadAllBytes(_folder[Newer, name]);
        for (var length = 0; length < bytes.Length; length++)
        {
            AssertNoticed(name, bytes[..length]);
        }

        AssertNoticed(name, [.. bytes, (byte)'\n']);
        AssertWhole(name, bytes);
    }

    [Fact]
    public void Where_both_are_damaged_there_is_none_and_each_has_its_reason()
    {
        File.WriteAllBytes(_folder[Newer, "manifest.json"], []);
        File.WriteAllBytes(_folder[Older, SmallCheckpoint.Source], []);

        Assert.Null(_folder.Latest(out var skipped));
        Assert.Equal(
            [
                new(
                    Newer,
                    SkipCause.Damaged,
                    $"{_folder[Newer, "manifest.json"]} is damaged: it has no seal, expected the manifest's own SHA-256 at its end."
                ),
                new(Older, SkipCause.Damaged, $"{_folder[Older, SmallCheckpoint.Source]} has 0 bytes, expected 16."),
            ],
            skipped
        );
    }

    private void AssertNoticed(string name, byte[] damaged)
    {
        File.WriteAllBytes(_folder[Newer, name], damaged);

        Assert.Equal(Older, _folder.Latest(out var skipped));
        var reason = Assert.Single(skipped);
        Assert.Equal((Newer, SkipCause.Damaged), (reason.Id, reason.Cause));
        Assert.StartsWith(_folder[Newer, name], reason.Reason, StringComparison.Ordinal);
    }

    private void AssertWhole(string name, byte[] bytes)
    {
        File.WriteAllBytes(_folder[Newer, name], bytes);
        Assert.Equal(Newer, _folder.Latest(out _));
    }
}
