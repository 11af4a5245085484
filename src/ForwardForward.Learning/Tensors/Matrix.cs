using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace ForwardForward.Learning.Tensors;

/// <summary>A dense CPU tensor that libtorch multiplies and our own passes read as spans. Made once, starts at zero.</summary>
internal sealed unsafe class Matrix : IDisposable
{
    private readonly byte* _memory;
    private readonly int _rowBytes;

    public Matrix(int rows, int columns, ScalarType type)
    {
        Tensor = zeros(rows, columns, dtype: type).DetachFromDisposeScope();
        (Rows, Columns) = (rows, columns);
        _rowBytes = checked((int)(Tensor.element_size() * columns));
        fixed (byte* memory = Tensor.bytes)
        {
            _memory = memory; // native memory does not move, and lives as long as Tensor
        }
    }

    public Tensor Tensor { get; }

    public int Rows { get; }

    public int Columns { get; }

    public Span<T> Row<T>(int row)
        where T : unmanaged => RowSpan<T>(row, 1);

    public Span<T> RowSpan<T>(int first, int count)
        where T : unmanaged
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)(first + count), (uint)Rows);
        return MemoryMarshal.Cast<byte, T>(new Span<byte>(_memory + ((long)first * _rowBytes), checked(count * _rowBytes)));
    }

    /// <summary>A view of some rows or columns, kept by the caller; it shares this matrix's memory.</summary>
    public Tensor View(Range rows, Range columns)
    {
        var (r, rowCount) = rows.GetOffsetAndLength(Rows);
        var (c, columnCount) = columns.GetOffsetAndLength(Columns);
        using var some = Tensor.narrow(0, r, rowCount);
        return some.narrow(1, c, columnCount).DetachFromDisposeScope();
    }

    public void Dispose() => Tensor.Dispose();
}
