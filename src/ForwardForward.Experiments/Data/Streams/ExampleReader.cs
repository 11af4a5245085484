using System.Buffers;
using System.IO.Pipelines;
using ForwardForward.Learning;
using ForwardForward.Learning.Streams;

namespace ForwardForward.Experiments.Data.Streams;

/// <summary>
/// Reads the examples of a stream from lines, no faster than somebody takes them. A line that says <c>{"end":true}</c>, as a journal's last
/// one does, ends it like the end of the input.
/// </summary>
/// <param name="lines">What it reads.</param>
/// <param name="what">Names the input, as sentences begin: "Line" or "stream.jsonl: line".</param>
internal sealed class ExampleReader(Stream lines, ExampleLine format, string what)
{
    private const byte LineEnd = (byte)'\n';
    private readonly PipeReader _reader = PipeReader.Create(lines, new StreamPipeReaderOptions(bufferSize: 1 << 16));
    private long _number;

    /// <summary>Whether none follow.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>Takes what is there, as much as is asked for; waits where nothing is.</summary>
    /// <param name="into">Takes the examples, also those before a line that is none.</param>
    /// <exception cref="InvalidInputException">A line is no example; it, and all that follows, is not taken.</exception>
    public async Task Read(List<Example> into, int most, CancellationToken cancellation)
    {
        while (into.Count == 0 && !HasEnded)
        {
            var read = await _reader.ReadAsync(cancellation);
            var rest = read.Buffer;
            try
            {
                while (into.Count < most && !HasEnded && TakeLine(ref rest, read.IsCompleted) is { } line)
                {
                    Take(line, into);
                }
            }
            finally
            {
                _reader.AdvanceTo(rest.Start, into.Count < most ? read.Buffer.End : rest.Start);
            }

            HasEnded |= read.IsCompleted && rest.IsEmpty;
        }
    }

    private ReadOnlySequence<byte>? TakeLine(ref ReadOnlySequence<byte> rest, bool isLast)
    {
        if (rest.PositionOf(LineEnd) is { } end)
        {
            var line = rest.Slice(0, end);
            rest = rest.Slice(rest.GetPosition(1, end));
            return line;
        }

        if (rest.Length > ExampleLine.MaxBytes)
        {
            throw new InvalidInputException(
                $"{what} {_number + 1} has more than {ExampleLine.MaxBytes} bytes, expected one example of at most that."
            );
        }

        if (!isLast || rest.IsEmpty)
        {
            return null;
        }

        var all = rest;
        rest = rest.Slice(rest.End);
        return all;
    }

    private void Take(ReadOnlySequence<byte> line, List<Example> into)
    {
        _number++;
        if (line.Length > ExampleLine.MaxBytes)
        {
            throw new InvalidInputException(
                $"{what} {_number} has {line.Length} bytes, expected one example of at most {ExampleLine.MaxBytes}."
            );
        }

        var bytes = line.ToArray().AsMemory();
        var text = bytes.Span.Trim(" \t\r"u8);
        if (text.SequenceEqual(ExampleLine.End.Span.TrimEnd(LineEnd)))
        {
            HasEnded = true;
        }
        else if (!text.IsEmpty)
        {
            into.Add(format.Read(bytes, $"{what} {_number}"));
        }
    }
}
