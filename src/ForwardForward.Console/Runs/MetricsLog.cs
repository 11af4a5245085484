using System.Text;

namespace ForwardForward.Console.Runs;

/// <summary>
/// Appends lines to a file. Those that the disk has no room for wait in memory until it has: training does not end for them.
/// </summary>
internal sealed class MetricsLog(string path)
{
    private readonly List<string> _waiting = [];

    /// <summary>Why lines wait, in one sentence; null where all are written.</summary>
    public string? Hindrance { get; private set; }

    public void Append(IEnumerable<string> lines)
    {
        _waiting.AddRange(lines);
        Hindrance =
            _waiting.Count == 0 ? null
            : FileWrite.Hindrance(path, Write) is { } why ? $"{why} {_waiting.Count} lines of what was measured are not in it."
            : null;
        if (Hindrance is null)
        {
            _waiting.Clear();
        }
    }

    // A line is there as a whole or not at all.
    private void Write()
    {
        using var file = new FileStream(
            path,
            FileMode.OpenOrCreate,
            FileAccess.Write,
            FileShare.ReadWrite | FileShare.Delete,
            bufferSize: 0
        );
        var end = file.Seek(0, SeekOrigin.End);
        try
        {
            file.Write(Encoding.UTF8.GetBytes(string.Concat(_waiting.Select(line => line + "\n"))));
        }
        catch (IOException)
        {
            file.SetLength(end);
            throw;
        }
    }
}
