using System.Buffers;
using ForwardForward.Learning.Recipes;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tensors;
using Orleans.Serialization.Buffers;

namespace ForwardForward.Contracts.Slots;

/// <summary>Which part of a slot a message has, as it is written.</summary>
internal static class WirePiece
{
    /// <summary>Number, whose rows, first element; of the rows and of the question's: precision, rows, width; id of the question.</summary>
    public const uint Length = 4 + 1 + 4 + (2 * (1 + 4 + 4)) + 8;

    private const int MaxRows = 1 << 20;

    /// <param name="piece">Null: the slot goes as a whole, and nothing is written.</param>
    public static void Write<TBufferWriter>(ref Writer<TBufferWriter> writer, SlotPiece? piece)
        where TBufferWriter : IBufferWriter<byte>
    {
        if (piece is null)
        {
            return;
        }

        writer.WriteInt32(piece.Number);
        writer.WriteByte(piece.IsOfQuestion ? (byte)1 : (byte)0);
        writer.WriteInt32(piece.First);
        foreach (var shape in new[] { piece.Rows, piece.Question })
        {
            writer.WriteByte((byte)shape.Precision);
            writer.WriteInt32(shape.Rows);
            writer.WriteInt32(shape.Width);
        }

        writer.WriteInt64(piece.QuestionId);
    }

    /// <exception cref="Orleans.Serialization.SerializerException">No slot has such a piece.</exception>
    public static SlotPiece Read<TInput>(ref Reader<TInput> reader)
    {
        var piece = new SlotPiece(reader.ReadInt32(), reader.ReadByte() != 0, reader.ReadInt32(), 0)
        {
            Rows = ReadShape(ref reader),
            Question = ReadShape(ref reader),
            QuestionId = reader.ReadInt64(),
        };
        SlotMessageCodec.Require(piece is { Number: >= 0, First: >= 0 }, "is a piece with an impossible place");
        return piece;
    }

    /// <summary>Whether a piece fits the slot that it claims to be of.</summary>
    /// <param name="part">What came with it.</param>
    public static bool Fits(SlotPiece piece, Slot part)
    {
        var whole = piece.IsOfQuestion ? piece.Question : piece.Rows;
        return part is { Rows.Rows: 1, Question: null }
            && part.Rows.Precision == whole.Precision
            && part.Rows.Width <= whole.Elements - piece.First;
    }

    // Who sends pieces is a silo of the cluster: memory is taken for all of them when the first has come.
    private static RowsShape ReadShape<TInput>(ref Reader<TInput> reader)
    {
        var shape = new RowsShape((Precision)reader.ReadByte(), reader.ReadInt32(), reader.ReadInt32());
        var bytes = shape.Precision is Precision.Fp32 or Precision.Bf16 or Precision.Portable
            ? (long)shape.Rows * shape.Width * shape.Precision.ElementBytes()
            : 0;
        SlotMessageCodec.Require(
            shape is { Rows: >= 0 and <= MaxRows, Width: >= 0 } && bytes <= Activations.MaxBytes && (bytes > 0 || shape.Rows == 0),
            $"is a piece of {shape.Rows} rows of {shape.Width}"
        );
        return shape;
    }
}
