using ForwardForward.Learning.Checkpoints;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tests.CheckpointWriter;

namespace ForwardForward.Learning.Tests.Checkpoints;

public sealed class CheckpointFolderTests : IDisposable
{
    private static readonly CheckpointId First = new(100, 1);
    private static readonly CheckpointId Second = new(200, 1);
    private static readonly CheckpointId Third = new(300, 1);

    private readonly SmallFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_folder_that_is_not_there_has_no_checkpoint()
    {
        Assert.Null(_folder.Latest(out var skipped));
        Assert.Empty(skipped);
    }

    [Fact]
    public void The_latest_checkpoint_is_found_with_all_it_holds()
    {
        _folder.Write(First);
        _folder.Write(Second);

        Assert.Equal(Second, _folder.Latest(out var skipped));
        Assert.Empty(skipped);
        Assert.Equal(
            ["layer-1.safetensors", "manifest.json", "source.json"],
            Directory.GetFiles(_folder[Second]).Select(Path.GetFileName).Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public void What_was_never_complete_goes_with_the_next_checkpoint_unless_it_may_still_be_written()
    {
        CheckpointId killed = new(150, 1),
            later = new(400, 1),
            next = new(100, 2);
        Array.ForEach([killed, later, next], Begin);

        _folder.Write(Third);

        Assert.Equal([later, Third, next], _folder.All);
        Assert.Empty(_folder.Checkpoints.RemoveUnfinished(next));
        Assert.Equal([Third, next], _folder.All);
    }

    [Fact]
    public void A_checkpoint_that_cannot_be_whole_is_removed_with_the_temporary_files_of_a_killed_writer_and_no_other()
    {
        _folder.Write(First);
        Begin(Second);
        File.WriteAllText(_folder[Second, ".source.json.writer-7"], "half of i");

        Assert.Empty(_folder.Checkpoints.Discard(Second));
        Assert.Empty(_folder.Checkpoints.Discard(Third)); // of which nothing is there

        Assert.Equal([First], _folder.All);
    }

    private void Begin(CheckpointId id) =>
        _folder.Checkpoints.WriteFile(id, SmallCheckpoint.Source, [SmallCheckpoint.SourceState(id.Slot)]);

    [Fact]
    public void A_manifest_keeps_its_run_and_the_resolved_spec_letter_by_letter()
    {
        var spec = SpecReader.Write(Presets.Get("supervised"));
        var source = _folder.Checkpoints.WriteFile(First, "source.json", ["{}"u8.ToArray()]);
        _folder.Checkpoints.Commit(new("a \"run\"", 1, 100, "cpu/test", spec, [source]) { Journal = """[{"seconds":0.1}]""" });

        var manifest = _folder.Checkpoints.Latest(spec, "cpu/test").Latest!;

        Assert.Equal(
            ("a \"run\"", 1, 100L, "cpu/test", 2),
            (manifest.Run, manifest.Generation, manifest.Slot, manifest.Fingerprint, manifest.Format)
        );
        Assert.Equal(spec.Trim(), manifest.Spec);
        Assert.Equal(spec, SpecReader.Write(SpecReader.Parse(manifest.Spec, "manifest.json")));
        Assert.Equal("""[{"seconds":0.1}]""", manifest.Journal);
        Assert.Equal(source, Assert.Single(manifest.Files));
    }

    [Fact]
    public void One_whose_spec_lacks_fields_that_are_newer_is_of_the_run_and_one_that_names_other_data_is_not()
    {
        var spec = Presets.Get("supervised") with { DatasetSha256 = new string('a', 64) };
        var source = _folder.Checkpoints.WriteFile(First, "source.json", ["{}"u8.ToArray()]);
        var older = string.Join(
            '\n',
            SpecReader.Write(spec).Split('\n').Where(line => !line.Contains("datasetSha256", StringComparison.Ordinal))
        );
        _folder.Checkpoints.Commit(new("run", 1, 100, "cpu/test", older, [source]));

        Assert.NotNull(_folder.Checkpoints.Latest(SpecReader.Write(spec), "cpu/test").Latest);
        Assert.Null(_folder.Checkpoints.Latest(SpecReader.Write(spec with { Seed = 2 }), "cpu/test").Latest);

        source = _folder.Checkpoints.WriteFile(Second, "source.json", ["{}"u8.ToArray()]);
        _folder.Checkpoints.Commit(
            new("run", 1, 200, "cpu/test", SpecReader.Write(spec with { DatasetSha256 = new string('b', 64) }), [source])
        );
        Assert.Equal(First, _folder.Checkpoints.Latest(SpecReader.Write(spec), "cpu/test").Latest!.Id);
    }

    [Fact]
    public void The_hash_of_a_file_is_that_of_its_bytes_however_it_was_cut_into_parts()
    {
        var bytes = new byte[1_000_003];
        new Random(1).NextBytes(bytes);

        var file = _folder.Checkpoints.WriteFile(
            First,
            "large",
            [bytes.AsMemory(..7), bytes.AsMemory(7..600_000), default, bytes.AsMemory(600_000..)]
        );

        Assert.Equal(bytes, File.ReadAllBytes(_folder[First, "large"]));
        Assert.Equal(new("large", bytes.Length, Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes))), file);
    }

    [Fact]
    public void The_last_two_are_kept()
    {
        foreach (var slot in Enumerable.Range(1, 5))
        {
            _folder.Write(new(slot * 100, 1));
        }

        Assert.Equal([new(500, 1), new(400, 1)], _folder.All);
    }

    [Fact]
    public void A_damaged_one_does_not_count_among_the_last_two()
    {
        _folder.Write(First);
        _folder.Write(Second);
        File.WriteAllBytes(_folder[Second, SmallCheckpoint.Source], "{ \"slot\": 201 }\n"u8);

        _folder.Write(Third);

        Assert.Equal([Third, Second, First], _folder.All);
        _folder.Write(new(400, 1));
        Assert.Equal([new(400, 1), Third], _folder.All);
    }

    [Fact]
    public void One_that_was_begun_and_left_does_not_count_among_the_last_two_and_goes_with_the_next()
    {
        _folder.Write(First);
        _folder.Checkpoints.WriteFile(Second, SmallCheckpoint.Source, [SmallCheckpoint.SourceState(200)]);
        _folder.Write(Third);
        Assert.Equal([Third, First], _folder.All);

        _folder.Write(new(400, 1));

        Assert.Equal([new(400, 1), Third], _folder.All);
    }

    [Fact]
    public void One_without_a_manifest_is_unfinished_and_the_one_before_is_used()
    {
        _folder.Write(First);
        _folder.Checkpoints.WriteFile(Second, SmallCheckpoint.Source, [SmallCheckpoint.SourceState(200)]);

        Assert.Equal(First, _folder.Latest(out var skipped));
        Assert.Equal([new(Second, SkipCause.Unfinished, $"{_folder[Second]} has no manifest: it was never completed.")], skipped);
    }

    [Fact]
    public void A_late_write_of_an_older_generation_meets_no_file_of_a_newer_one()
    {
        var newer = new CheckpointId(200, 2);
        _folder.Write(First);
        _folder.Write(newer);

        _folder.Checkpoints.WriteFile(Second, SmallCheckpoint.Source, ["late"u8.ToArray()]);

        Assert.Equal(newer, _folder.Latest(out _));
    }

    [Fact]
    public void Writers_of_one_checkpoint_do_not_disturb_each_other_even_at_the_same_file()
    {
        var content = Enumerable.Range(0, 4).Select(i => Enumerable.Repeat((byte)i, 300_000).ToArray()).ToArray();
        var files = new CheckpointFile[2, 4];

        Parallel.For(
            0,
            8,
            i =>
                files[i % 2, i / 2] = new CheckpointFolder(_folder.Path, $"silo-{i % 2}").WriteFile(
                    First,
                    $"layer-{i / 2}",
                    [content[i / 2]]
                )
        );

        Assert.All(Enumerable.Range(0, 4), layer => Assert.Equal(files[0, layer], files[1, layer]));
        _folder.Checkpoints.Commit(Manifest(First) with { Files = [.. Enumerable.Range(0, 4).Select(layer => files[1, layer])] });
        Assert.Equal(content, _folder.Search().Latest!.Files.Select(file => _folder.Content(_folder.Search().Latest!, file.Name)));
        Assert.Equal(5, Directory.GetFiles(_folder[First]).Length);
    }

    [Fact]
    public void A_complete_checkpoint_is_not_written_to()
    {
        _folder.Write(First);

        var message = Assert.Throws<CheckpointException>(() => _folder.Checkpoints.WriteFile(First, SmallCheckpoint.Source, [])).Message;

        Assert.Equal(
            $"{_folder[First, SmallCheckpoint.Source]} belongs to a checkpoint that is complete, expected one that is still written.",
            message
        );
        Assert.Equal(First, _folder.Latest(out _));
    }

    [Theory]
    [InlineData(SmallCheckpoint.Layer)]
    [InlineData(SmallCheckpoint.Source)]
    public void A_missing_file_is_damage_and_the_one_before_is_used(string name)
    {
        _folder.Write(First);
        _folder.Write(Second);
        File.Delete(_folder[Second, name]);

        Assert.Equal(First, _folder.Latest(out var skipped));
        var reason = Assert.Single(skipped);
        Assert.Equal(SkipCause.Damaged, reason.Cause);
        Assert.StartsWith($"{_folder[Second, name]} is missing, expected a file of ", reason.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{ \"seed\": 2 }", "cpu/test", "is of another spec (its own is in manifest.json), expected the run's.")]
    [InlineData("{ \"seed\": 1 }", "gpu/test", "was computed by cpu/test, expected gpu/test.")]
    public void A_checkpoint_of_another_spec_or_other_kernels_is_foreign(string spec, string fingerprint, string expected)
    {
        _folder.Write(First);

        var (latest, skipped) = _folder.Checkpoints.Latest(spec, fingerprint);

        Assert.Null(latest);
        Assert.Equal([new(First, SkipCause.Foreign, $"{_folder[First]} {expected}")], skipped);
    }

    [Fact]
    public void A_checkpoint_of_another_format_is_foreign()
    {
        _folder.Write(First);
        Directory.CreateDirectory(_folder[Second]);
        File.WriteAllBytes(_folder[Second, FileName.Manifest], ManifestText.Write(Manifest(Second) with { Format = 3 }));

        Assert.Equal(First, _folder.Latest(out var skipped));
        Assert.Equal([new(Second, SkipCause.Foreign, $"{_folder[Second]} is of format 3, expected 2.")], skipped);
    }

    [Fact]
    public void A_manifest_in_the_folder_of_another_checkpoint_is_foreign()
    {
        _folder.Write(First);
        _folder.Write(Second);
        Directory.Move(_folder[Second], _folder[Third]);

        Assert.Equal(First, _folder.Latest(out var skipped));
        Assert.Equal(
            [
                new(
                    Third,
                    SkipCause.Foreign,
                    $"{_folder[Third]} holds the manifest of slot 200, generation 1, expected that of its own folder."
                ),
            ],
            skipped
        );
    }

    [Fact]
    public void A_manifest_that_leads_out_of_its_folder_is_not_followed()
    {
        Directory.CreateDirectory(_folder[First]);
        File.WriteAllBytes(
            _folder[First, FileName.Manifest],
            ManifestText.Write(Manifest(First) with { Files = [new("../other", 0, "")] })
        );

        Assert.Null(_folder.Latest(out var skipped));
        Assert.Contains(
            "lists files that no checkpoint has: '../other' cannot name a file",
            Assert.Single(skipped).Reason,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_folder_that_is_no_checkpoints_is_left_alone()
    {
        string[] names = ["notes", "300", "0000000300-g1", "0000000300-g001-old", "-0000000300-g001"];
        foreach (var name in names)
        {
            Directory.CreateDirectory(Path.Combine(_folder.Path, name));
        }

        _folder.Write(First);
        _folder.Write(Second);
        _folder.Write(Third);

        Assert.All(names, name => Assert.True(Directory.Exists(Path.Combine(_folder.Path, name))));
        Assert.Equal([Third, Second], _folder.All);
    }

    [Fact]
    public void A_file_that_changes_after_it_was_found_is_not_read()
    {
        _folder.Write(First);
        var manifest = _folder.Search().Latest!;
        using (var file = File.OpenWrite(_folder[First, SmallCheckpoint.Layer]))
        {
            file.Seek(-1, SeekOrigin.End);
            file.WriteByte(1);
        }

        var message = Assert
            .Throws<CheckpointException>(() => _folder.Checkpoints.ReadTensors(First, manifest.File(SmallCheckpoint.Layer)))
            .Message;
        Assert.Equal($"{_folder[First, SmallCheckpoint.Layer]} is damaged: its bytes do not match the SHA-256 in the manifest.", message);
    }

    [Fact]
    public void A_checkpoint_of_which_a_file_is_elsewhere_is_not_committed()
    {
        var manifest = Manifest(First) with { Files = [new("layer-1.safetensors", 5, "")] };
        Assert.Equal(
            $"{_folder[First, "layer-1.safetensors"]} is not there, expected the 5 bytes that its writer reported, in a folder "
                + "that all silos share.",
            Assert.Throws<CheckpointException>(() => _folder.Checkpoints.Commit(manifest)).Message
        );

        _folder.Checkpoints.WriteFile(First, "layer-1.safetensors", [new byte[4]]);
        Assert.Contains(
            "has 4 bytes, expected the 5 bytes",
            Assert.Throws<CheckpointException>(() => _folder.Checkpoints.Commit(manifest)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_commit_may_be_repeated()
    {
        _folder.Write(First);

        _folder.Checkpoints.Commit(_folder.Search().Latest!);

        Assert.Equal(First, _folder.Latest(out _));
    }

    [Theory]
    [InlineData("")]
    [InlineData("manifest.json")]
    [InlineData("../layer-1")]
    [InlineData("a/b")]
    [InlineData(".hidden")]
    [InlineData("line\n")]
    public void A_name_that_is_no_file_of_a_checkpoint_is_a_bug_of_the_caller(string name) =>
        Assert.Throws<ArgumentException>(() => _folder.Checkpoints.WriteFile(First, name, []));

    [Fact]
    public void A_full_disk_is_one_sentence_and_leaves_nothing_behind()
    {
        Directory.CreateDirectory(_folder[First]);
        File.CreateSymbolicLink(_folder[First, $".source.json.{SmallCheckpoint.Writer}-1"], "/dev/full");

        var message = Assert
            .Throws<CheckpointException>(() => _folder.Checkpoints.WriteFile(First, "source.json", ["{}"u8.ToArray()]))
            .Message;

        Assert.Equal($"{_folder[First, "source.json"]} cannot be written: No space left on device.", message);
        Assert.Empty(Directory.GetFileSystemEntries(_folder[First]));
    }

    [Fact]
    public void A_folder_that_cannot_be_made_is_one_sentence()
    {
        File.WriteAllText(_folder.Path, "a file");

        var message = Assert.Throws<CheckpointException>(() => _folder.Write(First)).Message;

        Assert.StartsWith($"{_folder[First, SmallCheckpoint.Layer]} cannot be written: ", message, StringComparison.Ordinal);
    }

    private static CheckpointManifest Manifest(CheckpointId id) =>
        new("small", id.Generation, id.Slot, SmallCheckpoint.Fingerprint, SmallCheckpoint.Spec, []);
}
