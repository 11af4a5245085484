using System.Text;
using ForwardForward.Console.Rendering;
using ForwardForward.Console.Runs;
using ForwardForward.Console.Training;

namespace ForwardForward.Console.Tests;

/// <summary>Output that nobody reads, as of a full pipe or a terminal that is held still.</summary>
public sealed class UnreadOutputTests : Workplace
{
    [Fact]
    public async Task A_run_whose_lines_nobody_reads_is_kept_and_rests_when_it_is_told_to()
    {
        using var unread = new UnreadFrom("epoch");
        var people = new QueuedWriter(unread); // which waits, when it is disposed, until it is read
        var request = new TrainRequest
        {
            Experiment = "supervised-quick",
            Data = At("tiny"),
            Set = ["layers=16,16", "batchSize=20", "precision=fp32", "epochs=100000"],
            Out = At("long"),
        };
        var training = Task.Run(() => new TrainingRun(request, _ => { }, run => RunViews.For(run, people, plain: true)).Run(default));
        await await Task.WhenAny(unread.IsHeld, training);
        var told = File.ReadLines(At("long", "metrics.jsonl")).Count();

        var rested = await RunStop.Ask(RunList.Find(At("long"), RunFolder.Runs), default);

        Assert.Equal((RunStates.Interrupted, rested.LastCheckpointSlot + 1), (rested.State, rested.Slot));
        Assert.True(File.ReadLines(At("long", "metrics.jsonl")).Count() > told);
        Assert.Equal(RunStates.Interrupted, (await training).State);
        Assert.True(people.IsBehind);
        unread.Release();
        people.Dispose();
        Assert.Matches(@"^long: .*\n(epoch \d+/100000, .*\n)+", unread.Text);
        Assert.Contains(": paused after slot ", unread.Text, StringComparison.Ordinal);
    }

    /// <summary>Takes lines; does not come back from the first that begins with a word before it is released.</summary>
    private sealed class UnreadFrom(string word) : TextWriter
    {
        private readonly TaskCompletionSource _held = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly ManualResetEventSlim _released = new();
        private readonly StringBuilder _text = new();

        public Task IsHeld => _held.Task;

        public string Text => _text.ToString();

        public override Encoding Encoding => Encoding.UTF8;

        public override void Write(string? value)
        {
            if (value!.StartsWith(word, StringComparison.Ordinal) || value.Contains('\n' + word, StringComparison.Ordinal))
            {
                _held.TrySetResult();
                _released.Wait();
            }

            _text.Append(value);
        }

        public void Release() => _released.Set();

        protected override void Dispose(bool disposing)
        {
            Release();
            _released.Dispose();
            base.Dispose(disposing);
        }
    }
}
