using ForwardForward.Learning.Checkpoints;
using ForwardForward.Learning.Tensors;
using ForwardForward.Learning.Tests.Data;
using ForwardForward.Runtime.Checkpoints;
using ForwardForward.Runtime.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace ForwardForward.Runtime.Tests.Checkpoints;

/// <summary>Three silos with a folder each, and a run of three parts, each of which a silo writes.</summary>
public sealed class ReplicatedCheckpointsTests : IAsyncLifetime, IDisposable
{
    private const string Run = "run";
    private const string Spec = "{ \"seed\": 1 }";
    private const string Fingerprint = "cpu/test";
    private const int Silos = 3;
    private readonly TemporaryFolder _folder = new();
    private EmbeddedCluster _cluster = null!;

    public async Task InitializeAsync() =>
        _cluster = await EmbeddedCluster.Start(Silos, _folder["cache"], _folder["checkpoints"], sharesCheckpoints: false);

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Every_part_is_on_two_silos_with_its_manifest_and_the_loss_of_any_folder_loses_nothing()
    {
        var written = await Write(10);
        Assert.All(written.Files, file => Assert.Equal(2, file.Holders!.Count));
        for (var lost = 1; lost <= Silos; lost++)
        {
            Assert.Equal(2, Directory.GetFiles(FolderOf(lost, 10), "part-*").Length);
            Assert.True(File.Exists(Path.Combine(FolderOf(lost, 10), "manifest.json")));
            Directory.Delete(Path.Combine(_folder["checkpoints"], $"silo-{lost}"), recursive: true);

            var search = await Of(lost).Latest(Spec, Fingerprint);

            Assert.Equal(written.Id, search.Latest!.Id);
            Assert.Equal(written.Journal, search.Latest.Journal);
            AssertReadable(lost, search.Latest);
            Assert.Empty(
                (
                    await Of(lost)
                        .Commit(
                            search.Latest with
                            {
                                Files = [.. search.Latest.Files.Zip(written.Files, (found, file) => found with { Holders = file.Holders })],
                            }
                        )
                )
            );
        }
    }

    [Fact]
    public async Task A_file_of_many_pieces_arrives_as_it_was_written()
    {
        var values = new byte[5 * (1 << 20) + 4];
        new Random(1).NextBytes(values);

        var file = await Of(1)
            .Write(
                new CheckpointId(1, 0),
                "large",
                [new StateTensor("weights", values.Length / 4, 1, values)],
                new Dictionary<string, string>(),
                CancellationToken.None
            );

        Assert.All(file.Holders!, holder => Assert.Equal(file.Sha256, Sha256(Path.Combine(FolderOf(NumberOf(holder), 1), "large"))));
        Assert.Equal(2, file.Holders!.Distinct().Count());
    }

    [Fact]
    public async Task A_file_that_is_damaged_on_one_silo_is_taken_from_the_other_and_one_damaged_on_both_is_passed_over()
    {
        await Write(10);
        var newest = await Write(20);
        var (first, second) = (NumberOf(newest.Files[0].Holders![0]), NumberOf(newest.Files[0].Holders![1]));

        Damage(first, 20, "part-1");
        var one = await Of(3).Latest(Spec, Fingerprint);
        AssertReadable(first, one.Latest!);
        Damage(first, 20, "part-1");
        Damage(second, 20, "part-1");
        var none = await Of(3).Latest(Spec, Fingerprint);

        Assert.Equal((20, 0), (one.Latest!.Slot, one.Skipped.Count));
        Assert.Equal(10, none.Latest!.Slot);
        var skipped = Assert.Single(none.Skipped);
        Assert.Equal(SkipCause.Damaged, skipped.Cause);
        Assert.Matches(
            "^The checkpoint of slot 20, generation 0 lacks part-1: on the silo silo-. .* is damaged: its bytes do not match "
                + "the SHA-256 in the manifest\\.$",
            skipped.Reason
        );
        Assert.True(none.IsBehind(20));
        Assert.False(none.IsBehind(10));
    }

    [Fact]
    public async Task The_last_two_whole_checkpoints_are_kept_on_every_silo()
    {
        foreach (var slot in new[] { 10, 20, 30 })
        {
            await Write(slot);
        }

        Assert.All(Enumerable.Range(1, Silos), silo => Assert.Equal([20, 30], SlotsOn(silo)));
        Enumerable.Range(1, Silos).ToList().ForEach(silo => Damage(silo, 30, "part-2"));

        await Write(40);

        Assert.All(Enumerable.Range(1, Silos), silo => Assert.Equal([20, 30, 40], SlotsOn(silo)));
    }

    [Fact]
    public async Task A_checkpoint_that_one_holder_cannot_complete_is_none_and_removes_nothing()
    {
        await Write(10);
        await Write(20);
        var manifest = await WriteParts(30);
        File.Delete(Path.Combine(FolderOf(NumberOf(manifest.Files[0].Holders![1]), 30), "part-1"));

        var refused = await Assert.ThrowsAsync<CheckpointException>(() => Of(1).Commit(manifest));

        Assert.Contains("part-1 is not there, expected the", refused.Message, StringComparison.Ordinal);
        Assert.All(Enumerable.Range(1, Silos), silo => Assert.Equal([10, 20, 30], SlotsOn(silo)));
        Assert.Equal(30, (await Of(2).Latest(Spec, Fingerprint)).Latest?.Slot); // every file is somewhere, and a manifest too

        Assert.Empty(await Of(1).Discard(manifest.Id));
        Assert.All(Enumerable.Range(1, Silos), silo => Assert.Equal([10, 20], SlotsOn(silo)));
    }

    [Fact]
    public async Task What_an_attempt_that_is_over_left_on_any_silo_goes_with_the_next_checkpoint_and_before_the_next_attempt()
    {
        await Part(1, 5);
        await Write(10);
        Assert.All(Enumerable.Range(1, Silos), silo => Assert.Equal([10], SlotsOn(silo)));

        await Part(2, 15);
        await Part(3, 20);
        Assert.Empty(await Of(1).RemoveUnfinished(0));
        Assert.Equal([10, 15, 20], Enumerable.Range(1, Silos).SelectMany(SlotsOn).Distinct().Order());
        Assert.Empty(await Of(1).RemoveUnfinished(1));

        Assert.All(Enumerable.Range(1, Silos), silo => Assert.Equal([10], SlotsOn(silo)));
    }

    [Fact]
    public async Task A_copy_that_cannot_be_written_is_a_part_that_was_not_saved()
    {
        Directory.CreateDirectory(_folder["checkpoints"]);
        foreach (var silo in new[] { 2, 3 })
        {
            await File.WriteAllTextAsync(_folder[$"checkpoints/silo-{silo}"], "a file where the folder should be");
        }

        var refused = await Assert.ThrowsAsync<CheckpointException>(() => Part(1, 10));

        Assert.Contains("part-1 cannot be written", refused.Message, StringComparison.Ordinal);
    }

    private ICheckpoints Of(int silo) => _cluster.Services(silo - 1).GetRequiredService<CheckpointStore>().Of(Run);

    private string FolderOf(int silo, int slot) => Path.Combine(_folder["checkpoints"], $"silo-{silo}", $"{slot:D10}-g000");

    private IEnumerable<int> SlotsOn(int silo) =>
        Directory
            .GetDirectories(Path.Combine(_folder["checkpoints"], $"silo-{silo}"))
            .Select(path => int.Parse(Path.GetFileName(path).AsSpan(0, 10), provider: null))
            .Order();

    private static int NumberOf(string holder) => holder["silo-".Length] - '0';

    private static string Sha256(string path) =>
        Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(path)));

    private async Task<CheckpointManifest> Write(int slot)
    {
        var manifest = await WriteParts(slot);
        Assert.Empty(await Of(3).Commit(manifest));
        return manifest;
    }

    private async Task<CheckpointManifest> WriteParts(int slot) =>
        new(Run, 0, slot, Fingerprint, Spec, await Task.WhenAll(Enumerable.Range(1, Silos).Select(silo => Part(silo, slot))))
        {
            Journal = $"[ {slot} ]",
        };

    private Task<CheckpointFile> Part(int silo, int slot) =>
        Of(silo)
            .Write(
                new CheckpointId(slot, 0),
                $"part-{silo}",
                [Tensor(silo, slot)],
                new Dictionary<string, string>(),
                CancellationToken.None
            );

    private static StateTensor Tensor(int silo, int slot) => StateTensor.Of("weights", 1, [silo, slot]);

    private void AssertReadable(int silo, CheckpointManifest manifest) =>
        Assert.All(
            manifest.Files,
            file =>
            {
                var tensor = Assert.Single(Of(silo).Read(manifest.Id, file, CancellationToken.None));
                Assert.Equal(Tensor(NumberOf($"silo-{file.Name[^1]}"), (int)manifest.Slot).Data.ToArray(), tensor.Data.ToArray());
            }
        );

    private void Damage(int silo, int slot, string file)
    {
        var path = Path.Combine(FolderOf(silo, slot), file);
        if (File.Exists(path))
        {
            var bytes = File.ReadAllBytes(path);
            bytes[^1] ^= 1;
            File.WriteAllBytes(path, bytes);
        }
    }
}
