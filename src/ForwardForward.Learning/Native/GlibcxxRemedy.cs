using System.Buffers.Binary;
using System.Text;

namespace ForwardForward.Learning.Native;

/// <summary>
/// Lets TorchSharp's native library load where libstdc++ is older than GCC 13's (Debian 12, Ubuntu 22.04).
/// </summary>
/// <remarks>
/// libLibTorchSharp.so 0.107 names the version <c>GLIBCXX_3.4.32</c> for one symbol that nothing relocates against, so only the loader's
/// version check fails. ELF can mark a needed version as weak, and the check then warns instead of failing. The change is two bytes in a
/// <em>copy</em>: the original is a hard link into the NuGet cache.
/// </remarks>
internal static class GlibcxxRemedy
{
    /// <summary>The version that libstdc++ before GCC 13 lacks.</summary>
    public const string Version = "GLIBCXX_3.4.32";

    private const uint SectionVersionNeeds = 0x6ffffffe; // SHT_GNU_verneed
    private const ushort FlagWeak = 0x2; // VER_FLG_WEAK

    /// <summary>Marks <see cref="Version"/> as weak in an ELF64 little-endian image, in place.</summary>
    /// <returns>How many records were marked: 0 where the image does not need that version.</returns>
    /// <exception cref="InvalidDataException">The bytes are no well-formed ELF64 little-endian file.</exception>
    public static int MarkWeak(Span<byte> elf)
    {
        if (elf.Length < 64 || !elf[..6].SequenceEqual("\u007fELF\u0002\u0001"u8))
        {
            throw new InvalidDataException("The file is not a 64-bit little-endian ELF library.");
        }

        try
        {
            return MarkSections(elf);
        }
        catch (Exception e) when (e is ArgumentOutOfRangeException or OverflowException)
        {
            throw new InvalidDataException("The ELF library is truncated: a section lies outside the file.", e);
        }
    }

    private static int MarkSections(Span<byte> elf)
    {
        var sections = checked((int)BinaryPrimitives.ReadUInt64LittleEndian(elf[0x28..]));
        int size = U16(elf, 0x3A),
            count = U16(elf, 0x3C),
            marked = 0;
        for (var i = 0; i < count; i++)
        {
            var header = elf.Slice(sections + (i * size), 64);
            if (U32(header, 4) != SectionVersionNeeds)
            {
                continue;
            }

            var names = elf.Slice(sections + (checked((int)U32(header, 40)) * size), 64); // sh_link: its string table
            marked += MarkNeeds(elf, Offset(header), Offset(names));
        }

        return marked;
    }

    private static int MarkNeeds(Span<byte> elf, int need, int strings)
    {
        var marked = 0;
        for (int next = 1; next != 0; need += next)
        {
            next = checked((int)U32(elf, need + 12)); // vn_next
            var version = need + checked((int)U32(elf, need + 8)); // vn_aux
            for (int left = U16(elf, need + 2); left > 0; left--) // vn_cnt
            {
                if (Name(elf, strings + checked((int)U32(elf, version + 8))) == Version)
                {
                    BinaryPrimitives.WriteUInt16LittleEndian(elf[(version + 4)..], (ushort)(U16(elf, version + 4) | FlagWeak));
                    marked++;
                }

                version += checked((int)U32(elf, version + 12)); // vna_next
            }
        }

        return marked;
    }

    // sh_offset
    private static int Offset(ReadOnlySpan<byte> header) => checked((int)BinaryPrimitives.ReadUInt64LittleEndian(header[24..]));

    private static string Name(ReadOnlySpan<byte> elf, int at)
    {
        var rest = elf[at..];
        return Encoding.ASCII.GetString(rest[..rest.IndexOf((byte)0)]);
    }

    private static ushort U16(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

    private static uint U32(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);
}
