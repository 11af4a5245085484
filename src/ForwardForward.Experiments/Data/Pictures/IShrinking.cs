namespace ForwardForward.Experiments.Data.Pictures;

/// <summary>Takes the rows of a picture one after another, each once, and keeps of every square of its pixels what it is.</summary>
internal interface IShrinking
{
    /// <param name="row">Width pixels of one byte.</param>
    void AddGrey(int y, ReadOnlySpan<byte> row);

    /// <param name="row">Width pixels of red, green, blue and cover, the colours multiplied by the cover.</param>
    void AddColour(int y, ReadOnlySpan<byte> row);
}
