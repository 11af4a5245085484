using System.Buffers;
using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Unicode;
using ForwardForward.Learning.Tensors;

namespace ForwardForward.Learning.Checkpoints;

/// <summary>The JSON at the beginning of a safetensors file: where each tensor's values are among the bytes that follow.</summary>
internal sealed class SafetensorsHeader(string origin)
{
    /// <summary>Bytes. The format's own limit is a hundred times that, for models of more than a few tensors a file.</summary>
    public const int Largest = 1 << 20;

    private const string Metadata = "__metadata__";
    private const string Dtype = "F32";
    private const int Alignment = 8;

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 4 };

    /// <returns>Length and header, padded with spaces so that the values are aligned.</returns>
    public static byte[] Write(IReadOnlyList<StateTensor> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        Check(tensors);
        var json = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(json))
        {
            writer.WriteStartObject();
            WriteMetadata(writer, metadata);
            WriteTensors(writer, tensors);
            writer.WriteEndObject();
        }

        var length = (json.WrittenCount + Alignment - 1) / Alignment * Alignment;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Largest, nameof(tensors));
        var header = new byte[Safetensors.LengthBytes + length];
        header.AsSpan().Fill((byte)' ');
        BinaryPrimitives.WriteUInt64LittleEndian(header, (ulong)length);
        json.WrittenSpan.CopyTo(header.AsSpan(Safetensors.LengthBytes));
        return header;
    }

    /// <param name="valueBytes">How many bytes follow the header in the file.</param>
    /// <returns>Tensors without data, in the order of their values.</returns>
    public SafetensorsContent Read(byte[] header, long valueBytes)
    {
        if (header is not [(byte)'{', ..] || header.AsSpan().TrimEnd((byte)' ')[^1] != '}' || !Utf8.IsValid(header))
        {
            throw Refused("is not an object in UTF-8, padded with spaces only");
        }

        try
        {
            using var json = JsonDocument.Parse(header, Strict);
            var tensors = json
                .RootElement.EnumerateObject()
                .Where(p => p.Name != Metadata)
                .Select(ReadTensor)
                .OrderBy(t => t.Begin)
                .ToList();
            RequireNoHoles(tensors, valueBytes);
            return new SafetensorsContent([.. tensors.Select(t => t.Tensor)], ReadMetadata(json.RootElement));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The latter: a value of another kind than expected, or half a surrogate pair written as an escape.
            throw Refused("is not valid JSON of the format", e);
        }
    }

    private static void Check(IReadOnlyList<StateTensor> tensors)
    {
        foreach (var (name, rows, columns, data) in tensors)
        {
            if (name is "" or Metadata || rows < 1 || columns < 1 || (Int128)rows * columns * sizeof(float) != data.Length)
            {
                throw new ArgumentException(
                    $"'{name}' of {rows} x {columns} has {data.Length} bytes, expected a name and {sizeof(float)} bytes for "
                        + "each of at least one value."
                );
            }
        }

        if (tensors.DistinctBy(tensor => tensor.Name).Count() != tensors.Count)
        {
            throw new ArgumentException("Two tensors have the same name, expected every name once.");
        }
    }

    private static void WriteMetadata(Utf8JsonWriter writer, IReadOnlyDictionary<string, string> metadata)
    {
        writer.WriteStartObject(Metadata);
        foreach (var (key, value) in metadata.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            writer.WriteString(key, value);
        }

        writer.WriteEndObject();
    }

    private static void WriteTensors(Utf8JsonWriter writer, IReadOnlyList<StateTensor> tensors)
    {
        var begin = 0L;
        foreach (var tensor in tensors)
        {
            writer.WriteStartObject(tensor.Name);
            writer.WriteString("dtype", Dtype);
            WritePair(writer, "shape", tensor.Rows, tensor.Columns);
            WritePair(writer, "data_offsets", begin, begin += tensor.Data.Length);
            writer.WriteEndObject();
        }
    }

    private static void WritePair(Utf8JsonWriter writer, string name, long first, long second)
    {
        writer.WriteStartArray(name);
        writer.WriteNumberValue(first);
        writer.WriteNumberValue(second);
        writer.WriteEndArray();
    }

    private Dictionary<string, string> ReadMetadata(JsonElement header) =>
        header.TryGetProperty(Metadata, out var metadata)
            ? metadata
                .EnumerateObject()
                .ToDictionary(p => p.Name, p => p.Value.GetString() ?? throw Refused($"gives no text for '{p.Name}' of {Metadata}"))
            : [];

    private (StateTensor Tensor, long Begin, long End) ReadTensor(JsonProperty property)
    {
        var (name, fields) = (property.Name, property.Value);
        if (
            fields.GetPropertyCount() != 3
            || !fields.TryGetProperty("dtype", out var dtype)
            || !fields.TryGetProperty("shape", out var shape)
            || !fields.TryGetProperty("data_offsets", out var offsets)
            || name == ""
        )
        {
            throw Refused($"describes '{name}' by other fields than dtype, shape and data_offsets");
        }

        if (dtype.GetString() != Dtype)
        {
            throw Refused($"gives '{name}' the dtype {dtype.GetRawText()} where it should be {Dtype}");
        }

        var (rows, columns) = ReadShape(shape, name);
        var (begin, end) = ReadPair(offsets, name);
        var bytes = (Int128)rows * columns * sizeof(float);
        if (rows < 1 || columns < 1 || bytes > Array.MaxLength || (Int128)end - begin != bytes)
        {
            throw Refused($"gives '{name}' the shape [{rows},{columns}] and the bytes {begin} to {end}, which do not match");
        }

        return (new StateTensor(name, (int)rows, (int)columns, default), begin, end);
    }

    // Other programs write a bias as one dimension: that is a row.
    private (long Rows, long Columns) ReadShape(JsonElement shape, string name) =>
        shape.GetArrayLength() == 1 && shape[0].TryGetInt64(out var columns) && columns >= 0 ? (1, columns) : ReadPair(shape, name);

    private (long First, long Second) ReadPair(JsonElement value, string name) =>
        value.GetArrayLength() == 2
        && value[0].TryGetInt64(out var first)
        && value[1].TryGetInt64(out var second)
        && first >= 0
        && second >= 0
            ? (first, second)
            : throw Refused($"gives '{name}' the pair {value.GetRawText()} where it should have two whole numbers");

    private void RequireNoHoles(List<(StateTensor Tensor, long Begin, long End)> tensors, long valueBytes)
    {
        var expected = 0L;
        foreach (var (tensor, begin, end) in tensors)
        {
            if (begin != expected)
            {
                throw Refused(
                    $"lets '{tensor.Name}' begin at byte {begin} where it should begin at {expected}: tensors overlap or leave a hole"
                );
            }

            expected = end;
        }

        if (expected != valueBytes)
        {
            throw Refused($"describes {expected} bytes of values where {valueBytes} follow");
        }
    }

    private CheckpointException Refused(string what, Exception? e = null) =>
        new($"{origin} cannot be read: its header {what}, expected safetensors of fp32 matrices.", e);
}
