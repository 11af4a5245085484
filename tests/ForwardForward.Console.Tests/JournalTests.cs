using ForwardForward.Contracts.Experiments;
using ForwardForward.Learning.Data;

namespace ForwardForward.Console.Tests;

/// <summary><c>train --journal</c>: a run is taught again what another was taught.</summary>
public sealed class JournalTests : Workplace
{
    [Fact]
    public async Task A_journal_makes_the_same_run_on_any_number_of_silos_and_stays_with_it()
    {
        await Write("journal.jsonl", Lesson("one", 2, batch: 3), Lesson("two", 1, batch: 9) with { TakenBack = 11 });
        async Task<string> Hash(params string[] how)
        {
            var run = await Train(["--json", .. how]);
            Assert.True(run.ExitCode == 0, run.Error);
            return run.Json.GetProperty("stateHash").GetString()!;
        }

        var taught = await Hash("--journal", "journal.jsonl", "--reference", "--name", "reference");
        var (one, two) = (
            await Hash("--journal", "journal.jsonl", "--name", "one"),
            await Hash("--journal", "journal.jsonl", "--silos", "2", "--name", "two")
        );
        var again = await Hash("--journal", At("runs", "two", "lessons.jsonl"), "--reference", "--name", "again");
        var untaught = await Hash("--reference", "--name", "untaught");

        Assert.Equal([taught, taught, taught], [one, two, again]);
        Assert.NotEqual(untaught, taught);
        foreach (var run in new[] { "reference", "two" })
        {
            var shown = await Run("runs", "show", run);
            Assert.Contains(
                "2 pictures; with `train --journal` and these it ends in this hash again",
                shown.Output,
                StringComparison.Ordinal
            );
        }

        Assert.False(File.Exists(At("runs", "untaught", "lessons.jsonl")));
    }

    [Fact]
    public async Task A_journal_that_cannot_be_used_is_refused_with_a_sentence_and_nothing_is_left()
    {
        await Write("large.jsonl", Lesson("large", 1, batch: 3) with { Pixels = new byte[7], Sha256 = LessonJournal.Digest(new byte[7]) });
        await Write("twice.jsonl", Lesson("same", 1, batch: 3), Lesson("same", 1, batch: 3));
        await File.WriteAllTextAsync(At("broken.jsonl"), "{}\n");
        await File.WriteAllTextAsync(At("null.jsonl"), "\nnull\n");

        async Task<string> Refused(string file, params string[] how)
        {
            var refused = await Train(["--journal", file, .. how]);
            Assert.Equal(2, refused.ExitCode);
            return refused.Error.Trim();
        }

        Assert.Equal("nothing.jsonl cannot be read, expected the journal of a run's lessons.", await Refused("nothing.jsonl"));
        Assert.Equal(
            "broken.jsonl: line 1 is no lesson, expected JSON with id, pixels, label and batch, as `ff teach --list` prints.",
            await Refused("broken.jsonl")
        );
        Assert.StartsWith("null.jsonl: line 2 is no lesson", await Refused("null.jsonl"), StringComparison.Ordinal);
        Assert.Matches(
            "^The journal of lessons: the lesson 'large' cannot be used: it has 7 pixels, expected [0-9]+[.]$",
            await Refused("large.jsonl", "--reference")
        );
        Assert.Equal("The journal of lessons: the lesson 'same' cannot be used: it is there twice.", await Refused("twice.jsonl"));
        Assert.False(Directory.Exists(At("runs")) && Directory.EnumerateDirectories(At("runs")).Any());
    }

    private Lesson Lesson(string id, int label, long batch)
    {
        var images = Idx.ReadImages(At("tiny", "t10k-images-idx3-ubyte"));
        var pixels = images.Pixels[..images.PixelsPerImage];
        return new Lesson(id, pixels, label) { Batch = batch, Sha256 = LessonJournal.Digest(pixels) };
    }

    private Task Write(string file, params Lesson[] lessons) => File.WriteAllTextAsync(At(file), LessonJournal.WriteLines(lessons));
}
