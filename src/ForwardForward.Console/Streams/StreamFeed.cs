using ForwardForward.Contracts.Experiments;
using ForwardForward.Contracts.Streams;
using ForwardForward.Experiments.Data.Streams;
using ForwardForward.Learning;
using ForwardForward.Learning.Streams;

namespace ForwardForward.Console.Streams;

/// <summary>
/// Gives a run the examples of an input, in order and no faster than it takes them, and then says that the stream has ended. So it does
/// where a line is no example, with what came before it.
/// </summary>
/// <param name="open">The input; null: there is none, and the stream ends with what its journal has.</param>
/// <param name="what">Names it, as sentences begin.</param>
internal sealed class StreamFeed(Func<Stream>? open, string what)
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(300);
    private readonly string _id = Guid.NewGuid().ToString("N");

    /// <summary>Standard input.</summary>
    public const string StandardInput = "-";

    /// <summary>Examples come by HTTP.</summary>
    public const string Http = "http";

    /// <summary>Why not all of the input was taken, in one sentence; null: it was, or is still being taken.</summary>
    public string? Refusal { get; private set; }

    /// <summary>As <c>--stream</c> names it.</summary>
    /// <returns>Null where examples come by HTTP.</returns>
    /// <exception cref="InvalidInputException">There is no such file.</exception>
    public static StreamFeed? Of(string stream) =>
        stream == Http ? null
        : stream == StandardInput ? new StreamFeed(System.Console.OpenStandardInput, "Line")
        : File.Exists(stream) ? new StreamFeed(() => File.OpenRead(stream), $"{stream}: line")
        : throw new InvalidInputException($"{stream} does not exist, expected a file of examples, - (standard input) or http.");

    /// <summary>Says that nothing follows what the journal has.</summary>
    public static StreamFeed Nothing => new(null, "");

    /// <param name="give">Takes them, and answers when they are kept.</param>
    /// <exception cref="OperationCanceledException">The run is over, or somebody has had enough.</exception>
    public async Task Run(ExampleLine format, Func<StreamPost, Task<StreamReceipt>> give, CancellationToken cancellation)
    {
        using var input = open?.Invoke();
        var reader = input is null ? null : new ExampleReader(input, format, what);
        for (long number = 0; ; number++)
        {
            var examples = new List<Example>();
            try
            {
                await (reader?.Read(examples, StreamPost.Most(format.Pixels), cancellation) ?? Task.CompletedTask);
            }
            catch (Exception e) when (e is InvalidInputException or IOException or UnauthorizedAccessException)
            {
                Refusal = e.Message.ReplaceLineEndings(" ");
            }

            var ends = reader?.HasEnded is not false || Refusal is not null;
            await Give(Post(number, examples, ends), give, cancellation);
            if (ends)
            {
                return;
            }
        }
    }

    private StreamPost Post(long number, List<Example> examples, bool ends) =>
        new($"{_id}/{number}", [.. examples.Select(example => example.Label)], Together(examples), ends);

    private static byte[] Together(List<Example> examples)
    {
        var (together, at) = (new byte[examples.Sum(example => example.Pixels.Length)], 0);
        foreach (var example in examples)
        {
            example.Pixels.CopyTo(together.AsMemory(at));
            at += example.Pixels.Length;
        }

        return together;
    }

    // The id says that it is the same where an answer was lost.
    private static async Task Give(StreamPost post, Func<StreamPost, Task<StreamReceipt>> give, CancellationToken cancellation)
    {
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                await give(post);
                return;
            }
            catch (BusyException)
            {
                await Task.Delay(Pace, cancellation);
            }
        }
    }
}
