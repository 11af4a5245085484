using System.Buffers;
using System.Runtime.InteropServices;
using ForwardForward.Learning.Layers;
using ForwardForward.Learning.Recipes;
using Orleans.Serialization;
using Orleans.Serialization.Buffers;
using Orleans.Serialization.Codecs;
using Orleans.Serialization.WireProtocol;

namespace ForwardForward.Contracts.Slots;

/// <summary>
/// Writes a slot as a fixed header, its small arrays, and its rows and those that ride with it (<see cref="WireRows"/>). Everything is
/// checked against what has arrived before memory is taken, so a length that lies costs nothing.
/// </summary>
[RegisterSerializer]
internal sealed class SlotMessageCodec : IFieldCodec<SlotMessage>
{
    private const byte FormatVersion = 7;

    // flags
    private const byte EndsEvaluation = 1;
    private const byte IsCheckpoint = 2;
    private const byte ReadsPositive = 4;
    private const byte IsPiece = 8;
    private const byte HasOwnErrors = 16;
    private const byte HasTried = 32;

    private const int MaxRows = 1 << 20;
    private const int MaxLayers = 64; // of a spec

    /// <summary>
    /// Version, generation, lane, index, kind, epoch, update, flags, layout, three array lengths, shape of the rows; id of the question,
    /// shape of its rows.
    /// </summary>
    private const uint HeaderBytes = 1 + 4 + 4 + 8 + 1 + 4 + 8 + 1 + 16 + 4 + 4 + 4 + WireShape.Length + 8 + WireShape.Length;

    /// <summary>Candidate rows of the question, and how many numbers layers have found of it.</summary>
    private const uint TriedBytes = 4 + 4;

    public void WriteField<TBufferWriter>(ref Writer<TBufferWriter> writer, uint fieldIdDelta, Type? expectedType, SlotMessage? value)
        where TBufferWriter : IBufferWriter<byte>
    {
        if (ReferenceCodec.TryWriteReferenceField(ref writer, fieldIdDelta, expectedType, value))
        {
            return;
        }

        if (value!.Piece is { } piece)
        {
            var part = piece.From(value.Slot);
            Write(ref writer, fieldIdDelta, expectedType, value with { Slot = part });
            part.Rows!.Dispose();
        }
        else
        {
            Write(ref writer, fieldIdDelta, expectedType, value);
        }

        value.WasCopied = true;
    }

    private static void Write<TBufferWriter>(ref Writer<TBufferWriter> writer, uint fieldIdDelta, Type? expectedType, SlotMessage value)
        where TBufferWriter : IBufferWriter<byte>
    {
        var slot = value.Slot;
        var goodness = MemoryMarshal.AsBytes<float>(slot.CandidateGoodness);
        var ownErrors = MemoryMarshal.AsBytes<int>(slot.OwnErrors);
        var tried = MemoryMarshal.AsBytes<float>(slot.Tried?.Goodness);
        using var rows = new WireRows(slot.Rows);
        using var asked = new WireRows(slot.Question?.Rows);
        writer.WriteFieldHeader(fieldIdDelta, expectedType, typeof(SlotMessage), WireType.LengthPrefixed);
        writer.WriteVarUInt32(
            checked(
                HeaderBytes
                + (value.Piece is null ? 0 : WirePiece.Length)
                + (uint)slot.Labels.Length
                + (uint)slot.Clamped.Length
                + (uint)goodness.Length
                + (ownErrors.IsEmpty ? 0 : sizeof(int) + (uint)ownErrors.Length)
                + (slot.Tried is null ? 0 : TriedBytes + (uint)tried.Length)
                + (uint)rows.Bytes.Length
                + (uint)asked.Bytes.Length
            )
        );
        WriteHeader(ref writer, value);
        WirePiece.Write(ref writer, value.Piece);
        rows.WriteShape(ref writer);
        writer.WriteInt64(slot.Question?.Id ?? 0);
        asked.WriteShape(ref writer);
        writer.Write(slot.Labels);
        writer.Write(slot.Clamped);
        writer.Write(goodness);
        writer.Write(ownErrors);
        writer.Write(tried);
        writer.Write(rows.Bytes);
        writer.Write(asked.Bytes);
    }

    public SlotMessage ReadValue<TInput>(ref Reader<TInput> reader, Field field)
    {
        if (field.WireType == WireType.Reference)
        {
            return ReferenceCodec.ReadReference<SlotMessage, TInput>(ref reader, field)!;
        }

        field.EnsureWireType(WireType.LengthPrefixed);
        var length = reader.ReadVarUInt32();
        reader.EnsureAvailable(length);
        var message = Read(ref reader, length);
        ReferenceCodec.RecordObject(reader.Session, message);
        return message;
    }

    private static void WriteHeader<TBufferWriter>(ref Writer<TBufferWriter> writer, SlotMessage message)
        where TBufferWriter : IBufferWriter<byte>
    {
        var slot = message.Slot;
        writer.WriteByte(FormatVersion);
        writer.WriteInt32(message.Generation);
        writer.WriteInt32(message.Lane);
        writer.WriteInt64(slot.Index);
        writer.WriteByte((byte)slot.Kind);
        writer.WriteInt32(slot.Epoch);
        writer.WriteInt64(slot.Update);
        writer.WriteByte(
            (byte)(
                (slot.EndsEvaluation ? EndsEvaluation : 0)
                | (slot.IsCheckpoint ? IsCheckpoint : 0)
                | (slot.ReadsPositive ? ReadsPositive : 0)
                | (message.Piece is null ? 0 : IsPiece)
                | (slot.OwnErrors.Length == 0 ? 0 : HasOwnErrors)
                | (slot.Tried is null ? 0 : HasTried)
            )
        );
        writer.WriteInt32(slot.Layout.Positive);
        writer.WriteInt32(slot.Layout.Negative);
        writer.WriteInt32(slot.Layout.Neutral);
        writer.WriteInt32(slot.Layout.Candidates);
        writer.WriteInt32(slot.Labels.Length);
        writer.WriteInt32(slot.Clamped.Length);
        writer.WriteInt32(slot.CandidateGoodness.Length);
        if (slot.OwnErrors.Length > 0)
        {
            writer.WriteInt32(slot.OwnErrors.Length);
        }

        if (slot.Tried is { } tried)
        {
            writer.WriteInt32(tried.Candidates);
            writer.WriteInt32(tried.Goodness.Length);
        }
    }

    private static SlotMessage Read<TInput>(ref Reader<TInput> reader, uint length)
    {
        Require(length >= HeaderBytes, $"is {length} bytes long, but its header alone has {HeaderBytes}");
        var version = reader.ReadByte();
        Require(version == FormatVersion, $"has format version {version}; this silo reads {FormatVersion}");
        int generation = reader.ReadInt32(),
            lane = reader.ReadInt32();
        byte flags;
        var slot = new Slot
        {
            Index = reader.ReadInt64(),
            Kind = (SlotKind)reader.ReadByte(),
            Epoch = reader.ReadInt32(),
            Update = reader.ReadInt64(),
            EndsEvaluation = ((flags = reader.ReadByte()) & EndsEvaluation) != 0,
            IsCheckpoint = (flags & IsCheckpoint) != 0,
            ReadsPositive = (flags & ReadsPositive) != 0,
            Layout = new RowLayout(reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt32()),
        };
        Require(
            generation >= 0 && lane >= 0 && slot.Index >= 0 && slot.Epoch >= 0 && slot.Update >= 0 && Enum.IsDefined(slot.Kind),
            "has a header with an impossible value"
        );
        Require(
            slot.Layout
                is {
                    Positive: >= 0 and <= MaxRows,
                    Negative: >= 0 and <= MaxRows,
                    Neutral: >= 0 and <= MaxRows,
                    Candidates: >= 0 and <= MaxRows
                },
            "has an impossible row layout"
        );
        Lengths lengths = new(reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt32(), 0, 0);
        var left = length - HeaderBytes;
        if ((flags & HasOwnErrors) != 0)
        {
            Require(left >= sizeof(int), "ends before the number of its layers");
            lengths = lengths with { Layers = reader.ReadInt32() };
            left -= sizeof(int);
        }

        if ((flags & HasTried) != 0)
        {
            Require(left >= TriedBytes, "ends before what its question tries");
            slot = slot with { Tried = new TriedLabels(reader.ReadInt32(), []) };
            lengths = lengths with { Tried = reader.ReadInt32() };
            left -= TriedBytes;
        }

        SlotPiece? piece = null;
        if ((flags & IsPiece) != 0)
        {
            Require(left >= WirePiece.Length, "ends before the place of the piece that it is");
            piece = WirePiece.Read(ref reader);
            left -= WirePiece.Length;
        }

        slot = ReadArrays(ref reader, slot, lengths, left);
        Require(piece is null || WirePiece.Fits(piece, slot), "is a piece that does not fit the slot that it claims to be of");
        return new SlotMessage(generation, lane, slot)
        {
            WasCopied = true,
            Piece = piece is null ? null : piece with { Elements = slot.Rows!.Width },
        };
    }

    private static Slot ReadArrays<TInput>(ref Reader<TInput> reader, Slot slot, Lengths lengths, uint length)
    {
        var (labels, clamped, goodness, layers, tried) = lengths;
        Require(
            labels is >= 0 and <= MaxRows && clamped is >= 0 and <= MaxRows && goodness is >= 0 and <= MaxRows,
            $"claims {labels} and {clamped} labels and {goodness} goodness values"
        );
        Require(layers is >= 0 and <= MaxLayers, $"claims the errors of {layers} layers");
        Require(
            tried is >= 0 and <= MaxRows && slot.Tried is null or { Candidates: >= 0 and <= MaxRows },
            $"claims {slot.Tried?.Candidates} rows that are tried and {tried} numbers found of them"
        );
        var rows = WireShape.Read(ref reader);
        var question = reader.ReadInt64();
        var asked = WireShape.Read(ref reader);
        Require(
            (ulong)labels
                + (ulong)clamped
                + (((ulong)goodness + (ulong)layers + (ulong)tried) * sizeof(float))
                + (ulong)rows.Bytes
                + (ulong)asked.Bytes
                == length,
            $"has {length} bytes after its header, which does not match the lengths in it"
        );
        var filled = slot with
        {
            Labels = new byte[labels],
            Clamped = new byte[clamped],
            CandidateGoodness = new float[goodness],
            OwnErrors = layers == 0 ? [] : new int[layers],
            Tried = slot.Tried is { } candidates ? candidates with { Goodness = new float[tried] } : null,
        };
        reader.ReadBytes(filled.Labels);
        reader.ReadBytes(filled.Clamped);
        reader.ReadBytes(MemoryMarshal.AsBytes(filled.CandidateGoodness.AsSpan()));
        reader.ReadBytes(MemoryMarshal.AsBytes(filled.OwnErrors.AsSpan()));
        reader.ReadBytes(MemoryMarshal.AsBytes((filled.Tried?.Goodness).AsSpan()));
        filled = filled with { Rows = rows.ReadRows(ref reader) };
        return asked.ReadRows(ref reader) is { } askedRows ? filled with { Question = new PredictionRequest(question, askedRows) } : filled;
    }

    private readonly record struct Lengths(int Labels, int Clamped, int Goodness, int Layers, int Tried);

    internal static void Require(bool condition, string what)
    {
        if (!condition)
        {
            throw new SerializerException($"A slot message {what}.");
        }
    }
}
