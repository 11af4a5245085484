using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using ForwardForward.Learning.Checkpoints;
using ForwardForward.Learning.Tensors;

namespace ForwardForward.Learning.Tests.Checkpoints;

public sealed class SafetensorsTests
{
    private const string A = "\"a\":{\"dtype\":\"F32\",\"shape\":[1,2],\"data_offsets\":[0,8]}";
    private const string B = "\"b\":{\"dtype\":\"F32\",\"shape\":[2,1],\"data_offsets\":[8,16]}";

    private static readonly IReadOnlyList<StateTensor> Two =
    [
        new("weights", 2, 3, Bytes(1, -2, 3, float.NaN, 0.1f, -0f)),
        new("weights.average", 1, 1, Bytes(7)),
    ];

    [Fact]
    public void A_file_is_the_length_of_a_padded_header_the_header_and_the_values()
    {
        const string Header = """{"__metadata__":{"run":"x"},"a":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}}""";

        var file = File([new("a", 1, 2, Bytes(1, 2))], new() { ["run"] = "x" });

        Assert.Equal(88ul, BinaryPrimitives.ReadUInt64LittleEndian(file));
        Assert.Equal(Header.PadRight(88), Encoding.UTF8.GetString(file, 8, 88));
        Assert.Equal([0, 0, 0x80, 0x3f, 0, 0, 0, 0x40], file[96..]);
    }

    [Fact]
    public void What_was_written_is_read_in_its_order()
    {
        var content = Read(File(Two, new() { ["run"] = "Ünïcode \"quoted\"", ["slot"] = "12" }));

        AssertEqual(Two, content.Tensors);
        Assert.Equal(new Dictionary<string, string> { ["run"] = "Ünïcode \"quoted\"", ["slot"] = "12" }, content.Metadata);
    }

    [Fact]
    public void Values_are_handed_over_without_a_copy()
    {
        var parts = Safetensors.Write(Two, new Dictionary<string, string>()).ToList();

        Assert.Equal(Two.Select(tensor => tensor.Data), parts.Skip(1)); // ReadOnlyMemory is equal where it is the same memory
    }

    [Fact]
    public void A_header_of_another_writer_may_be_in_any_order_and_without_metadata()
    {
        var content = Read(Raw($"{{{B},{A}}}", Bytes(1, 2, 3, 4)));

        AssertEqual([new("a", 1, 2, Bytes(1, 2)), new("b", 2, 1, Bytes(3, 4))], content.Tensors);
        Assert.Empty(content.Metadata);
    }

    [Theory]
    [InlineData("", "is not an object")]
    [InlineData("[]", "is not an object")]
    [InlineData(" {}", "is not an object")]
    [InlineData("{}\n", "is not an object")]
    [InlineData("{" + A + "," + B, "is not valid JSON")]
    [InlineData("{" + A + ",}", "is not valid JSON")]
    [InlineData("{" + A + "}{}", "is not valid JSON")]
    [InlineData("{" + A + "," + A + "}", "is not valid JSON")] // a name twice
    // the same name, escaped
    [InlineData("{" + A + ",\"\\u0061\":{\"dtype\":\"F32\",\"shape\":[2,1],\"data_offsets\":[8,16]}}", "is not valid JSON")]
    [InlineData("{\"\\ud800\":{\"dtype\":\"F32\",\"shape\":[1,4],\"data_offsets\":[0,16]}}", "is not valid JSON")] // half a character
    [InlineData("{\"__metadata__\":{\"k\":1}," + A + "," + B + "}", "is not valid JSON")]
    [InlineData("{\"__metadata__\":{\"k\":null}," + A + "," + B + "}", "gives no text for 'k'")]
    [InlineData("{\"__metadata__\":{\"k\":\"1\",\"k\":\"2\"}," + A + "," + B + "}", "is not valid JSON")]
    [InlineData("{" + A + ",\"b\":3}", "is not valid JSON")]
    [InlineData("{" + A + ",\"b\":{\"dtype\":\"F32\",\"shape\":[2,1]}}", "describes 'b' by other fields")]
    [InlineData(
        "{" + A + ",\"b\":{\"dtype\":\"F32\",\"shape\":[2,1],\"data_offsets\":[8,16],\"strides\":[1,1]}}",
        "describes 'b' by other fields"
    )]
    [InlineData("{" + A + ",\"b\":{\"dtype\":\"F16\",\"shape\":[2,2],\"data_offsets\":[8,16]}}", "gives 'b' the dtype \"F16\"")]
    [InlineData("{" + A + ",\"b\":{\"dtype\":32,\"shape\":[2,1],\"data_offsets\":[8,16]}}", "is not valid JSON")]
    [InlineData("{" + A + ",\"b\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[8,16]}}", "gives 'b' the pair []")]
    [InlineData("{" + A + ",\"b\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[8,16]}}", "gives 'b' the shape [1,3]")]
    [InlineData("{" + A + ",\"b\":{\"dtype\":\"F32\",\"shape\":[-2],\"data_offsets\":[8,16]}}", "gives 'b' the pair [-2]")]
    [InlineData("{" + A + ",\"b\":{\"dtype\":\"F32\",\"shape\":[2,1,1],\"data_offsets\":[8,16]}}", "gives 'b' the pair [2,1,1]")]
    [InlineData("{" + A + ",\"b\":{\"dtype\":\"F32\",\"shape\":[2.0,1],\"data_offsets\":[8,16]}}", "gives 'b' the pair [2.0,1]")]
    [InlineData("{" + A + ",\"b\":{\"dtype\":\"F32\",\"shape\":[-2,-1],\"data_offsets\":[8,16]}}", "gives 'b' the pair [-2,-1]")]
    [InlineData("{" + A + ",\"b\":{\"dtype\":\"F32\",\"shape\":[0,1],\"data_offsets\":[8,8]}}", "which do not match")]
    [InlineData("{" + A + ",\"b\":{\"dtype\":\"F32\",\"shape\":[1,1],\"data_offsets\":[8,16]}}", "which do not match")]
    [InlineData("{" + A + ",\"b\":{\"dtype\":\"F32\",\"shape\":[2,1],\"data_offsets\":[16,8]}}", "which do not match")]
    // overflows to -16
    [InlineData("{" + A + ",\"b\":{\"dtype\":\"F32\",\"shape\":[9223372036854775807,4],\"data_offsets\":[8,16]}}", "which do not match")]
    [InlineData("{" + A + ",\"b\":{\"dtype\":\"F32\",\"shape\":[9223372036854775808,4],\"data_offsets\":[8,16]}}", "two whole numbers")]
    [InlineData("{" + A + ",\"b\":{\"dtype\":\"F32\",\"shape\":[2,1],\"data_offsets\":[0,8]}}", "overlap or leave a hole")]
    [InlineData("{" + A + ",\"b\":{\"dtype\":\"F32\",\"shape\":[1,1],\"data_offsets\":[12,16]}}", "overlap or leave a hole")]
    [InlineData("{" + A + "}", "describes 8 bytes of values where 16 follow")]
    [InlineData("{}", "describes 0 bytes of values where 16 follow")]
    [InlineData(
        "{" + A + ",\"b\":{\"dtype\":\"F32\",\"shape\":[20000,20000],\"data_offsets\":[8,1600000008]}}",
        "describes 1600000008 bytes of values where 16 follow"
    )]
    public void A_header_that_is_not_exactly_of_the_format_is_refused_before_memory_is_taken(string header, string expected)
    {
        var file = Raw(header, Bytes(1, 2, 3, 4));
        var before = GC.GetAllocatedBytesForCurrentThread();

        AssertRefused(file, expected);

        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1 << 20);
    }

    [Theory]
    [InlineData(41ul)]
    [InlineData(1ul << 20)]
    [InlineData((1ul << 20) + 1)]
    [InlineData(1ul << 63)]
    [InlineData(ulong.MaxValue)]
    public void A_header_longer_than_the_file_is_refused(ulong length)
    {
        var file = new byte[48];
        BinaryPrimitives.WriteUInt64LittleEndian(file, length);

        AssertRefused(file, $"claims a header of {length} bytes, expected at most 40 in a file of 48.");
    }

    [Fact]
    public void Text_that_is_not_UTF8_is_refused()
    {
        var file = Raw($"{{{A},{B}}}", Bytes(1, 2, 3, 4));
        file[10] = 0xff;

        AssertRefused(file, "is not an object in UTF-8");
    }

    [Fact]
    public void Every_truncation_and_every_extension_is_refused()
    {
        var file = File(Two, []);
        for (var length = 0; length < file.Length; length++)
        {
            AssertRefused(file[..length], "expected");
        }

        AssertRefused([.. file, 0], "describes 28 bytes of values where 29 follow");
    }

    [Fact]
    public void A_file_that_shrinks_or_grows_while_it_is_read_is_refused()
    {
        var file = File(Two, []);

        Assert.Contains("is truncated", Refusal(file[..^1], file.Length), StringComparison.Ordinal);
        Assert.Contains("has trailing data", Refusal([.. file, 0], file.Length), StringComparison.Ordinal);
    }

    [Fact]
    public void No_flipped_bit_of_a_header_makes_the_reader_take_a_byte_twice_or_leave_one_out()
    {
        var file = File(Two, new() { ["run"] = "x" });
        for (var bit = 0; bit < 8 * (file.Length - 28); bit++)
        {
            file[bit / 8] ^= (byte)(1 << (bit % 8));
            try
            {
                Assert.Equal(28, Read(file).Tensors.Sum(tensor => tensor.Data.Length)); // another name, another metadata
            }
            catch (CheckpointException) { }

            file[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Theory]
    [InlineData("", 1, 1, 4)]
    [InlineData("__metadata__", 1, 1, 4)]
    [InlineData("b", 0, 1, 0)]
    [InlineData("b", 1, 2, 4)]
    [InlineData("b", -1, -1, 4)]
    [InlineData("a", 1, 1, 4)]
    public void A_tensor_that_no_reader_would_accept_is_not_written(string name, int rows, int columns, int bytes) =>
        Assert.Throws<ArgumentException>(() =>
            Safetensors.Write([new("a", 1, 1, new byte[4]), new(name, rows, columns, new byte[bytes])], new Dictionary<string, string>())
        );

    internal static void AssertEqual(IEnumerable<StateTensor> expected, IEnumerable<StateTensor> actual) =>
        Assert.Equal(
            expected.Select(t => (t.Name, t.Rows, t.Columns, Convert.ToHexString(t.Data.Span))),
            actual.Select(t => (t.Name, t.Rows, t.Columns, Convert.ToHexString(t.Data.Span)))
        );

    private static byte[] File(IReadOnlyList<StateTensor> tensors, Dictionary<string, string> metadata) =>
        [.. Safetensors.Write(tensors, metadata).SelectMany(part => part.ToArray())];

    private static byte[] Raw(string header, byte[] values)
    {
        var text = Encoding.UTF8.GetBytes(header);
        var length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, text.Length);
        return [.. length, .. text, .. values];
    }

    private static SafetensorsContent Read(byte[] file) => Safetensors.Read(new MemoryStream(file), file.Length, "layer-1.safetensors");

    private static void AssertRefused(byte[] file, string expected) =>
        Assert.Contains(expected, Refusal(file, file.Length), StringComparison.Ordinal);

    private static string Refusal(byte[] file, long length)
    {
        var message = Assert
            .Throws<CheckpointException>(() => Safetensors.Read(new MemoryStream(file), length, "layer-1.safetensors"))
            .Message;
        Assert.StartsWith("layer-1.safetensors ", message, StringComparison.Ordinal);
        Assert.EndsWith(".", message, StringComparison.Ordinal);
        return message;
    }

    private static byte[] Bytes(params float[] values) => [.. MemoryMarshal.AsBytes<float>(values)];
}
