namespace ForwardForward.Learning.Streams;

/// <summary>One picture of a stream.</summary>
/// <param name="Label">What it shows.</param>
/// <param name="Pixels">As many as the run's pictures have, 0 (black) to 255.</param>
internal readonly record struct Example(byte Label, ReadOnlyMemory<byte> Pixels);

/// <summary>What a stream's journal has from a place on.</summary>
/// <param name="Examples">In order; none where nothing has come yet.</param>
/// <param name="End">Examples of the whole stream, once it has ended; null: more may come.</param>
internal sealed record StreamPiece(IReadOnlyList<Example> Examples, long? End)
{
    public static StreamPiece Nothing { get; } = new([], null);
}

/// <summary>Reads what a stream's journal keeps for good, so that the same place always has the same example.</summary>
internal interface IExamples
{
    /// <summary>Takes a short while where nothing is there yet; a second at most.</summary>
    /// <param name="first">Number of an example, from 0.</param>
    /// <param name="most">Examples to read.</param>
    StreamPiece Read(long first, int most);
}
