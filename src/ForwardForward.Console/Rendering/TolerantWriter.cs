using System.Text;

namespace ForwardForward.Console.Rendering;

/// <summary>Writes for people who watch: where a line cannot be written, as in a log on a full disk, what it tells of goes on.</summary>
internal sealed class TolerantWriter(TextWriter output) : TextWriter(output.FormatProvider)
{
    public override Encoding Encoding => output.Encoding;

    public override void Write(char value) => Try(() => output.Write(value));

    public override void Write(string? value) => Try(() => output.Write(value));

    public override void WriteLine(string? value) => Try(() => output.WriteLine(value));

    public override void Flush() => Try(output.Flush);

    private static void Try(Action write)
    {
        try
        {
            write();
        }
        catch (IOException)
        {
            // The next line may fit again.
        }
    }
}
