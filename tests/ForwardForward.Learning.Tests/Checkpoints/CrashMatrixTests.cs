using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using ForwardForward.Learning.Checkpoints;

namespace ForwardForward.Learning.Tests.Checkpoints;

/// <summary>
/// A process writes the third checkpoint of a folder, which removes the first; at every one of its system calls that concern a file of the
/// folder it is killed, or the call fails.
/// </summary>
public sealed partial class CrashMatrixTests
{
    private const int Killed = 137;
    private const int Complete = 0;
    private const int Refused = 3;

    private static readonly CheckpointId Oldest = new(100, 1);
    private static readonly CheckpointId Older = new(200, 1);
    private static readonly CheckpointId Written = new(300, 1);

    [StraceFact]
    public void A_name_is_on_the_disk_only_after_its_content_and_the_manifest_only_after_every_file()
    {
        using var folder = Prepared();
        var calls = TracedWriter.Run(folder, Written, Paths()(folder)).Calls;

        string[] expected =
        [
            "pwrite64 .layer-1.safetensors",
            "fsync .layer-1.safetensors",
            "rename layer-1.safetensors",
            "fsync 0000000300-g001",
            "pwrite64 .source.json",
            "fsync .source.json",
            "rename source.json",
            "fsync 0000000300-g001",
            "fsync checkpoints",
            $"fsync {Path.GetFileName(folder.Root)}",
            "pwrite64 .manifest.json",
            "fsync .manifest.json",
            "rename manifest.json",
            "fsync 0000000300-g001",
            "unlink manifest.json",
        ];

        Assert.Equal(expected, Steps(calls).Take(expected.Length));
    }

    [StraceFact]
    public void A_writer_killed_at_any_call_leaves_the_older_checkpoints_or_the_new_one() => ForEveryCall("signal=KILL", AssertKilled);

    [StraceFact]
    public void A_call_that_fails_on_the_device_leaves_the_older_checkpoints_or_the_new_one() => ForEveryCall("error=EIO", AssertSurvived);

    [StraceFact]
    public void A_full_disk_leaves_the_older_checkpoints_or_the_new_one() => ForEveryCall("error=ENOSPC", AssertSurvived);

    [StraceFact]
    public void A_folder_that_is_read_only_is_one_sentence()
    {
        using var folder = Prepared();

        var writer = TracedWriter.Run(folder, Written, Paths()(folder), ["mkdir"], "mkdir:error=EROFS:when=1");

        Assert.Equal(Refused, writer.ExitCode);
        Assert.Equal($"{folder[Written, "layer-1.safetensors"]} cannot be written: Read-only file system.\n", writer.Error);
    }

    private static void ForEveryCall(string fault, Action<SmallFolder, TracedWriter> assert)
    {
        var paths = Paths();
        var calls = Baseline(paths);
        var names = calls.Select(call => call.Name).ToHashSet();
        var failures = new ConcurrentBag<string>();
        Parallel.ForEach(
            calls,
            new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount },
            call =>
            {
                using var folder = Prepared();
                var writer = TracedWriter.Run(folder, Written, paths(folder), names, $"{call.Name}:{fault}:when={call.Occurrence}");
                try
                {
                    assert(folder, writer);
                    AssertSafe(folder, mustBeNew: writer.ExitCode == Complete);
                }
                catch (Exception e)
                {
                    failures.Add($"{call.Name} {call.Occurrence} ({call.Line}): {e.Message} {writer.Error}");
                }
            }
        );

        Assert.True(failures.IsEmpty, string.Join('\n', failures));
        Assert.True(calls.Count > 50, $"Only {calls.Count} calls were seen."); // else this proves nothing
    }

    private static void AssertKilled(SmallFolder folder, TracedWriter writer)
    {
        Assert.Equal(Killed, writer.ExitCode);
        // a crash is never taken for damage
        Assert.All(folder.Search().Skipped, skipped => Assert.Equal(SkipCause.Unfinished, skipped.Cause));
    }

    private static void AssertSurvived(SmallFolder folder, TracedWriter writer)
    {
        Assert.Equal(1, writer.Injected);
        if (writer.ExitCode != Complete)
        {
            Assert.Equal(Refused, writer.ExitCode);
            Assert.Matches($@"^{folder.Root}/[^\n]+\.\n\z", writer.Error);
            Assert.Empty(Directory.GetFiles(folder.Path, ".*", SearchOption.AllDirectories));
        }
    }

    private static void AssertSafe(SmallFolder folder, bool mustBeNew)
    {
        var latest = folder.Latest(out _); // reads and compares all that it holds
        Assert.Equal(mustBeNew || latest == Written ? Written : Older, latest);
        Assert.True(folder.IsWhole(Older));
        Assert.True(folder.IsWhole(Oldest) || latest == Written);
        AssertGoesOn(folder);
    }

    // The next attempt writes the same slot, whatever the stopped one left.
    private static void AssertGoesOn(SmallFolder folder)
    {
        var next = new CheckpointId(Written.Slot, Written.Generation + 1);
        folder.Write(next);
        Assert.Equal(next, folder.Latest(out _));
        Assert.False(Directory.Exists(folder[Oldest]));
    }

    private static SmallFolder Prepared() => new(Oldest, Older);

    private static Func<SmallFolder, IEnumerable<string>> Paths()
    {
        using var folder = Prepared();
        var root = folder.Root;
        var paths = TracedWriter.PathsOf(folder, Written);
        return other => paths.Select(path => other.Root + path[root.Length..]);
    }

    private static IReadOnlyList<TracedCall> Baseline(Func<SmallFolder, IEnumerable<string>> paths)
    {
        using var folder = Prepared();
        var writer = TracedWriter.Run(folder, Written, paths(folder));
        Assert.Equal((Complete, ""), (writer.ExitCode, writer.Error));
        return writer.Calls;
    }

    // What reaches the disk, by the last part of a path and without the writer's name; writes in a row are one.
    private static IEnumerable<string> Steps(IEnumerable<TracedCall> calls)
    {
        var last = "";
        foreach (var call in calls.Where(call => call.Name is "pwrite64" or "fsync" or "rename" or "unlink"))
        {
            var step = $"{call.Name} {Target().Match(call.Line).Groups[1].Value}";
            if (step != last)
            {
                yield return last = step;
            }
        }
    }

    [GeneratedRegex("/([^/<>\"]+?)(\\.writer-\\d)?(>[,)]|\"\\))")]
    private static partial Regex Target();
}
