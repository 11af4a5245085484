using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ForwardForward.Console.Conformance;

/// <summary>What every pass of every slot came to, as a line each: network, slot, stage, pass, and the first digits of a SHA-256.</summary>
internal sealed class PassTrace
{
    private const int Digits = 8;
    private const char Between = '\t';
    private readonly List<string> _lines = [];

    /// <summary>That this product was released with.</summary>
    public static PassTrace Expected { get; } = Read();

    /// <summary>Of all lines, as 64 lower-case hexadecimal digits.</summary>
    public string Hash => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Text)));

    public string Text => string.Concat(_lines.Select(line => line + '\n'));

    public void Add(string network, long slot, string stage, string pass, ReadOnlySpan<byte> bytes)
    {
        var digest = Convert.ToHexStringLower(SHA256.HashData(bytes))[..Digits];
        _lines.Add(string.Join(Between, network, slot.ToString(CultureInfo.InvariantCulture), stage, pass, digest));
    }

    /// <returns>Where the other one is the first time another, as a person reads it; null where it is nowhere.</returns>
    public string? FirstDifference(PassTrace other)
    {
        for (var i = 0; i < Math.Max(_lines.Count, other._lines.Count); i++)
        {
            if (i >= _lines.Count || i >= other._lines.Count)
            {
                return "one of the two ends before the other, so it is of another version";
            }

            if (_lines[i] != other._lines[i])
            {
                var own = other._lines[i].Split(Between);
                return $"network '{own[0]}', slot {own[1]}, {own[2]}, {Called(own[3])}";
            }
        }

        return null;
    }

    private static string Called(string pass) =>
        pass switch
        {
            "rows" => "the rows that it hands on",
            "goodness" => "the goodness of its rows",
            _ => "its state after it has learned",
        };

    private static PassTrace Read()
    {
        using var stream = typeof(PassTrace).Assembly.GetManifestResourceStream("ForwardForward.Console.Conformance.expected.txt")!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var trace = new PassTrace();
        trace._lines.AddRange(reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries));
        return trace;
    }
}
