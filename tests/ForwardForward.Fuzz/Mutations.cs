using CsCheck;

namespace ForwardForward.Fuzz;

/// <summary>Real inputs with a few changes, as a decoder meets them on a bad disk or from somebody who means harm.</summary>
internal static class Mutations
{
    private const int MaxLength = 1 << 16;
    private static readonly long[] Telling =
    [
        0,
        1,
        -1,
        127,
        128,
        255,
        256,
        32767,
        65535,
        65536,
        int.MaxValue,
        int.MinValue,
        uint.MaxValue,
        long.MaxValue,
        long.MinValue,
    ];
    private static readonly byte[][] Words =
    [
        .. new[]
        {
            "{",
            "}",
            "[",
            "]",
            "\"",
            "\\ud800",
            ":",
            ",",
            "null",
            "-1",
            "1e309",
            "NaN",
            "true",
            "..",
            "/",
            "__metadata__",
            "data_offsets",
            "\0",
            "\n",
            "\ufeff",
            "%00",
            "&run=",
        }.Select(System.Text.Encoding.UTF8.GetBytes),
    ];

    private static readonly Gen<Func<byte[], byte[]>> Change = Gen.OneOf(
        Gen.Select(Gen.Double.Unit, Gen.Byte).Select((where, value) => At(where, 1, _ => [value])),
        Gen.Select(Gen.Double.Unit, Gen.Int[0, 7])
            .Select((where, bit) => At(where, 1, old => [.. old.Select(b => (byte)(b ^ (1 << bit)))])),
        Gen.Double.Unit.Select(where => At(where, int.MaxValue, _ => [])),
        Gen.Select(Gen.Double.Unit, Gen.Int[1, 64]).Select((where, length) => At(where, length, _ => [])),
        Gen.Select(Gen.Double.Unit, Gen.Int[1, 64]).Select((where, length) => At(where, length, old => [.. old, .. old])),
        Gen.Select(Gen.Double.Unit, One(Telling), One(1, 2, 4, 8), Gen.Bool)
            .Select((where, value, width, bigEndian) => At(where, width, _ => Number(value, width, bigEndian))),
        Gen.Select(Gen.Double.Unit, One(Words)).Select((where, word) => At(where, 0, _ => word)),
        Gen.Select(Gen.Double.Unit, Gen.Byte.Array[1, 32]).Select((where, bytes) => At(where, 0, _ => bytes))
    );

    public static Gen<byte[]> Of(IReadOnlyList<byte[]> seeds) =>
        Gen.Select(One([.. seeds]), Change.Array[0, 6])
            .Select((seed, changes) => changes.Aggregate(seed, (bytes, change) => change(bytes)));

    private static Gen<T> One<T>(params T[] of) => Gen.Int[0, of.Length - 1].Select(i => of[i]);

    private static Func<byte[], byte[]> At(double where, int length, Func<byte[], byte[]> change) =>
        bytes =>
        {
            var from = (int)(where * (bytes.Length + 1));
            var to = (int)Math.Min(bytes.Length, (long)from + length);
            byte[] changed = [.. bytes[..from], .. change(bytes[from..to]), .. bytes[to..]];
            return changed.Length <= MaxLength ? changed : changed[..MaxLength];
        };

    private static byte[] Number(long value, int width, bool bigEndian)
    {
        var bytes = BitConverter.GetBytes(value)[..width];
        return bigEndian ? [.. bytes.Reverse()] : bytes;
    }
}
