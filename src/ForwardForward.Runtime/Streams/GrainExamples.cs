using ForwardForward.Contracts.Streams;
using ForwardForward.Learning.Streams;

namespace ForwardForward.Runtime.Streams;

/// <summary>The journal of a stream as a worker's thread reads it.</summary>
internal sealed class GrainExamples(IStreamGrain stream) : IExamples
{
    public StreamPiece Read(long first, int most) => Of(stream.Read(first, most).GetAwaiter().GetResult());

    /// <summary>A slice as examples.</summary>
    public static StreamPiece Of(StreamSlice slice)
    {
        var pixels = slice.Labels.Length == 0 ? 0 : slice.Pixels.Length / slice.Labels.Length;
        return new StreamPiece(
            [.. slice.Labels.Select((label, i) => new Example(label, slice.Pixels.AsMemory(i * pixels, pixels)))],
            slice.End
        );
    }
}
