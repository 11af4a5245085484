using System.Buffers;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tensors;
using Orleans.Serialization;
using Orleans.Serialization.Buffers;

namespace ForwardForward.Contracts.Slots;

/// <summary>Rows as they are written: their raw memory, or <see cref="SparseRows"/> where that is a quarter less at least.</summary>
internal readonly ref struct WireRows
{
    private readonly Activations? _rows;
    private readonly byte[]? _rented;

    public WireRows(Activations? rows)
    {
        _rows = rows;
        Bytes = rows is null ? [] : rows.Bytes;
        if (rows is null || !SparseRows.IsFast)
        {
            return;
        }

        var most = Bytes.Length * 3 / 4;
        _rented = ArrayPool<byte>.Shared.Rent(most);
        var written = SparseRows.Compress(Bytes, rows.Precision.ElementBytes(), _rented.AsSpan(0, most));
        Bytes = written > 0 ? _rented.AsSpan(0, written) : Bytes;
    }

    public ReadOnlySpan<byte> Bytes { get; }

    public void WriteShape<TBufferWriter>(ref Writer<TBufferWriter> writer)
        where TBufferWriter : IBufferWriter<byte>
    {
        writer.WriteByte((byte)(_rows?.Precision ?? Precision.Auto));
        writer.WriteInt32(_rows?.Rows ?? 0);
        writer.WriteInt32(_rows?.Width ?? 0);
        writer.WriteInt32(Bytes.Length);
    }

    public void Dispose()
    {
        if (_rented is not null)
        {
            ArrayPool<byte>.Shared.Return(_rented);
        }
    }
}

/// <summary>The shape of rows that are to be read.</summary>
/// <param name="Bytes">That they have on the wire.</param>
internal readonly record struct WireShape(Precision Precision, int Rows, int Width, int Bytes)
{
    /// <summary>Precision, rows, width, bytes on the wire.</summary>
    public const uint Length = 1 + 4 + 4 + 4;

    private const int MaxRows = 1 << 20;
    private const int MaxWidth = 1 << 30;
    private const int Chunk = 2048; // elements that are put in their places at a time

    private ulong Dense => (ulong)Rows * (ulong)Width * (ulong)(Rows == 0 ? 0 : Precision.ElementBytes());

    private int Elements => Rows * Width;

    /// <exception cref="SerializerException">No rows can have this shape.</exception>
    public static WireShape Read<TInput>(ref Reader<TInput> reader)
    {
        var shape = new WireShape((Precision)reader.ReadByte(), reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt32());
        SlotMessageCodec.Require(
            shape is { Rows: >= 0 and <= MaxRows, Width: >= 0 and <= MaxWidth, Bytes: >= 0 },
            $"claims {shape.Rows} rows of {shape.Width} in {shape.Bytes} bytes"
        );
        SlotMessageCodec.Require(
            shape.Precision is Precision.Fp32 or Precision.Bf16 or Precision.Portable || shape is { Precision: Precision.Auto, Rows: 0 },
            $"has rows of unknown type {(byte)shape.Precision}"
        );
        SlotMessageCodec.Require(
            (ulong)shape.Bytes == shape.Dense
                || (shape.Dense <= int.MaxValue && (ulong)shape.Bytes < shape.Dense && shape.Bytes >= SparseRows.MaskBytes(shape.Elements)),
            $"claims {shape.Rows} rows of {shape.Width} in {shape.Bytes} bytes"
        );
        return shape;
    }

    /// <summary>
    /// Takes memory for the rows and reads them: as much as has arrived, or where zeros were left out, at most 32 times as much.
    /// </summary>
    public Activations? ReadRows<TInput>(ref Reader<TInput> reader)
    {
        if (Rows == 0)
        {
            return null;
        }

        if ((ulong)Bytes < Dense)
        {
            return ReadSparse(ref reader);
        }

        var rows = Activations.Rent(Rows, Width, Precision);
        reader.ReadBytes(rows.Bytes);
        return rows;
    }

    private Activations ReadSparse<TInput>(ref Reader<TInput> reader)
    {
        var elementBytes = Precision.ElementBytes();
        var rented = ArrayPool<byte>.Shared.Rent(SparseRows.MaskBytes(Elements));
        try
        {
            var mask = rented.AsSpan(0, SparseRows.MaskBytes(Elements));
            reader.ReadBytes(mask);
            SlotMessageCodec.Require(Elements % 8 == 0 || mask[^1] >> (Elements % 8) == 0, "has rows with more bits than elements");
            SlotMessageCodec.Require(
                mask.Length + ((long)SparseRows.Count(mask) * elementBytes) == Bytes,
                $"has rows of {Bytes} bytes, which do not match their bits"
            );
            var rows = Activations.Rent(Rows, Width, Precision);
            Span<byte> elements = stackalloc byte[(Chunk * sizeof(float)) + SparseRows.Overhang];
            for (var at = 0; at < Elements; at += Chunk)
            {
                var count = Math.Min(Chunk, Elements - at);
                var bits = mask.Slice(at / 8, SparseRows.MaskBytes(count));
                reader.ReadBytes(elements[..(SparseRows.Count(bits) * elementBytes)]);
                SparseRows.Expand(bits, elements, elementBytes, rows.Bytes.Slice(at * elementBytes, count * elementBytes));
            }

            return rows;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }
}
