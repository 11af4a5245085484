using System.Buffers.Binary;
using System.Text;
using ForwardForward.Learning.Native;

namespace ForwardForward.Learning.Tests.Native;

public sealed class GlibcxxRemedyTests
{
    private static readonly string Library = Directory
        .EnumerateFiles(AppContext.BaseDirectory, "libLibTorchSharp.so", SearchOption.AllDirectories)
        .First();

    [Fact]
    public void Marks_one_record_of_the_real_library_and_leaves_its_file_alone()
    {
        var original = File.ReadAllBytes(Library);
        var marked = (byte[])original.Clone();

        Assert.Equal(1, GlibcxxRemedy.MarkWeak(marked));

        var changed = Enumerable.Range(0, original.Length).Where(i => original[i] != marked[i]).ToList();
        Assert.Equal(original[Assert.Single(changed)] | 0x2, marked[changed[0]]);
        Assert.Equal(original, File.ReadAllBytes(Library));
    }

    [Fact]
    public void Marking_twice_changes_nothing_more()
    {
        var once = File.ReadAllBytes(Library);
        GlibcxxRemedy.MarkWeak(once);
        var twice = (byte[])once.Clone();

        Assert.Equal(1, GlibcxxRemedy.MarkWeak(twice));
        Assert.Equal(once, twice);
    }

    [Fact]
    public void Leaves_a_library_alone_that_does_not_need_the_version()
    {
        var bytes = File.ReadAllBytes(Library);
        var name = bytes.AsSpan().IndexOf(Encoding.ASCII.GetBytes(GlibcxxRemedy.Version));
        bytes[name + GlibcxxRemedy.Version.Length - 1] = (byte)'1';
        var before = (byte[])bytes.Clone();

        Assert.Equal(0, GlibcxxRemedy.MarkWeak(bytes));
        Assert.Equal(before, bytes);
    }

    [Theory]
    [InlineData("")]
    [InlineData("#!/bin/sh\n")]
    [InlineData("MZ this is a library of another system, and long enough to hold an ELF header")]
    public void Refuses_what_is_no_ELF_file(string text)
    {
        var thrown = Assert.Throws<InvalidDataException>(() => GlibcxxRemedy.MarkWeak(Encoding.ASCII.GetBytes(text)));
        Assert.Equal("The file is not a 64-bit little-endian ELF library.", thrown.Message);
    }

    [Theory]
    [InlineData(4, 1)] // 32 bits
    [InlineData(5, 2)] // big-endian
    public void Refuses_another_kind_of_ELF(int at, byte value)
    {
        var bytes = File.ReadAllBytes(Library);
        bytes[at] = value;
        Assert.Throws<InvalidDataException>(() => GlibcxxRemedy.MarkWeak(bytes));
    }

    [Theory]
    [InlineData(64)]
    [InlineData(4096)]
    [InlineData(-1)]
    public void Refuses_a_truncated_library(int length)
    {
        var bytes = File.ReadAllBytes(Library);
        var cut = bytes[..(length > 0 ? length : bytes.Length + length)];

        var thrown = Assert.Throws<InvalidDataException>(() => GlibcxxRemedy.MarkWeak(cut));
        Assert.Equal("The ELF library is truncated: a section lies outside the file.", thrown.Message);
    }

    [Theory]
    [InlineData(int.MaxValue)]
    [InlineData(ulong.MaxValue)]
    public void Refuses_a_section_table_that_lies_outside_the_file(ulong offset)
    {
        var bytes = File.ReadAllBytes(Library);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(0x28), offset);
        Assert.Throws<InvalidDataException>(() => GlibcxxRemedy.MarkWeak(bytes));
    }
}
