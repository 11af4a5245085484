using System.Runtime.InteropServices;
using ForwardForward.Learning.Native;
using ForwardForward.Learning.Tests.Data;

namespace ForwardForward.Learning.Tests.Native;

public sealed class CorrectedCopyTests : IDisposable
{
    private static readonly string Library = Directory
        .EnumerateFiles(AppContext.BaseDirectory, "libLibTorchSharp.so", SearchOption.AllDirectories)
        .First();
    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _loaded = [];

    [Fact]
    public void Is_kept_for_the_next_process_where_that_can_be()
    {
        string[] kept = [NotWritable("program"), _folder["cache"]];
        Assert.Equal(7, new CorrectedCopy(kept, _folder["temporary"], Load).Load(Library));
        Assert.Equal(7, new CorrectedCopy(kept, _folder["temporary"], Load).Load(Library));

        Assert.Equal(_folder["cache"], Path.GetDirectoryName(Assert.Single(_loaded.Distinct())));
        Assert.Equal(_loaded[0], Assert.Single(Directory.GetFiles(_folder["cache"])));
        Assert.Equal(1, GlibcxxRemedy.MarkWeak(File.ReadAllBytes(_loaded[0])));
    }

    [Fact]
    public void Passes_through_the_temporary_folder_where_all_else_is_read_only_and_leaves_nothing_there()
    {
        Directory.CreateDirectory(_folder["temporary"]);

        Assert.Equal(7, new CorrectedCopy([NotWritable("program"), NotWritable("cache")], _folder["temporary"], Load).Load(Library));

        Assert.StartsWith(_folder["temporary"], Assert.Single(_loaded), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_folder["temporary"]));
    }

    [Fact]
    public void Is_looked_for_further_on_where_a_folder_takes_files_but_no_programs()
    {
        var copy = new CorrectedCopy(
            [_folder["noexec"]],
            _folder["temporary"],
            file =>
                file.StartsWith(_folder["noexec"], StringComparison.Ordinal)
                    ? throw new DllNotFoundException("failed to map segment from shared object")
                    : Load(file)
        );
        Directory.CreateDirectory(_folder["temporary"]);

        Assert.Equal(7, copy.Load(Library));
        Assert.StartsWith(_folder["temporary"], Assert.Single(_loaded), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_any_folder_one_sentence_names_them_all()
    {
        var none = Assert.Throws<LibTorchUnavailableException>(() =>
            new CorrectedCopy([NotWritable("program"), NotWritable("cache")], NotWritable("temporary"), Load).Load(Library)
        );
        Assert.Equal(
            "libtorch needs GLIBCXX_3.4.32, which this system's libstdc++ lacks, and neither "
                + $"{string.Join(" nor ", new[] { "program", "cache", "temporary" }.Select(NotWritable))} can be written for a "
                + "corrected copy.",
            none.Message
        );
    }

    [Fact]
    public void The_copy_is_a_library_that_loads()
    {
        Directory.CreateDirectory(_folder["temporary"]);
        LibTorch.EnsureLoaded(); // which the copy finds among what is loaded
        var handle = new CorrectedCopy([], _folder["temporary"], NativeLibrary.Load).Load(Library);
        Assert.True(
            NativeLibrary.TryGetExport(handle, "THSTensor_new", out _) || NativeLibrary.TryGetExport(handle, "THSTorch_manual_seed", out _)
        );
    }

    public void Dispose() => _folder.Dispose();

    private nint Load(string file)
    {
        Assert.True(File.Exists(file));
        _loaded.Add(file);
        return 7;
    }

    // A file stands where the folder would be, so that it cannot be made, by root either.
    private string NotWritable(string name)
    {
        File.WriteAllText(_folder[name], "");
        return Path.Combine(_folder[name], "inside");
    }
}
