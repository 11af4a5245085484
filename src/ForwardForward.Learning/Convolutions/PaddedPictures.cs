using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ForwardForward.Learning.Tensors;
using static TorchSharp.torch;

namespace ForwardForward.Learning.Convolutions;

/// <summary>Pictures with zeros around them, and the columns that a kernel sees of them at each place.</summary>
/// <remarks>
/// Shapes: N pictures of H x W x C, M places of some pictures, K inputs of a channel (kernel row, kernel column, channel of the group).
/// </remarks>
/// <param name="pictures">N, most of them at a time.</param>
/// <param name="type">Of their numbers.</param>
internal sealed class PaddedPictures(ConvolutionShape shape, int pictures, ScalarType type) : IDisposable
{
    private readonly int _width = (shape.In.Width + (2 * shape.Padding)) * shape.In.Channels; // of a row
    private readonly Matrix _padded = new(
        pictures,
        (shape.In.Height + (2 * shape.Padding)) * (shape.In.Width + (2 * shape.Padding)) * shape.In.Channels,
        type
    );

    /// <summary>Numbers of a row of points without the zeros.</summary>
    public int RowLength => shape.In.Width * shape.In.Channels;

    /// <summary>A row of points of a picture.</summary>
    public Span<T> Row<T>(int picture, int y)
        where T : unmanaged =>
        _padded.Row<T>(picture).Slice(((y + shape.Padding) * _width) + (shape.Padding * shape.In.Channels), RowLength);

    /// <summary>Writes what a group sees of some pictures: M x K.</summary>
    public void Unfold<T>(Matrix columns, int first, int count, int group)
        where T : unmanaged
    {
        // A row of a kernel lies in one piece where there is one group: then that is what is copied.
        var (made, channels, kernel, row) = (shape.Convolved, shape.In.Channels, shape.Spec.Kernel, _width);
        var (piece, pieces) = shape.Spec.Groups == 1 ? (kernel * channels, 1) : (shape.InOfGroup, kernel);
        var (across, down) = (shape.Spec.Stride * channels, shape.Spec.Stride * row);
        ref var target = ref MemoryMarshal.GetReference(columns.RowSpan<T>(0, count * made.Points));
        for (var picture = first; picture < first + count; picture++)
        {
            ref var padded = ref MemoryMarshal.GetReference(_padded.Row<T>(picture));
            for (var y = 0; y < made.Height; y++)
            {
                for (var x = 0; x < made.Width; x++)
                {
                    var from = (y * down) + (x * across) + (group * shape.InOfGroup);
                    for (var below = 0; below < kernel; below++, from += row)
                    {
                        for (var i = 0; i < pieces; i++)
                        {
                            ColumnPieces.Copy(ref Unsafe.Add(ref padded, from + (i * channels)), ref target, piece);
                            target = ref Unsafe.Add(ref target, piece);
                        }
                    }
                }
            }
        }
    }

    public void Dispose() => _padded.Dispose();
}
