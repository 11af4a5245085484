using System.Globalization;

namespace ForwardForward.Console.Rendering;

/// <summary>Numbers as people read them.</summary>
internal static class Texts
{
    public const string None = "-";

    public static string Percent(double? share) =>
        share is { } value ? string.Create(CultureInfo.InvariantCulture, $"{100 * value:0.00} %") : None;

    /// <summary>In whole per cent.</summary>
    public static string Share(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share, 3:0} %");

    public static string Rate(double? imagesPerSecond) =>
        imagesPerSecond is { } rate ? string.Create(CultureInfo.InvariantCulture, $"{rate:#,0} images/s") : None;

    public static string Number(double value) => value.ToString("0.000", CultureInfo.InvariantCulture);

    public static string Duration(TimeSpan? duration) =>
        duration switch
        {
            null => None,
            { TotalSeconds: < 10 } d => string.Create(CultureInfo.InvariantCulture, $"{d.TotalSeconds:0.0} s"),
            { TotalSeconds: < 60 } d => string.Create(CultureInfo.InvariantCulture, $"{d.TotalSeconds:0} s"),
            { TotalMinutes: < 60 } d => string.Create(CultureInfo.InvariantCulture, $"{d.Minutes} min {d.Seconds:00} s"),
            { } d => string.Create(CultureInfo.InvariantCulture, $"{(int)d.TotalHours} h {d.Minutes:00} min"),
        };

    /// <param name="one">The word for one of them.</param>
    public static string Count(int number, string one) =>
        string.Create(CultureInfo.InvariantCulture, $"{number} {one}{(number == 1 ? "" : "s")}");

    /// <summary>A text cut between its words; a word that is longer has a line of its own.</summary>
    public static IEnumerable<string> Lines(string text, int width)
    {
        var line = "";
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > width)
            {
                yield return line;
                line = "";
            }

            line = line.Length == 0 ? word : $"{line} {word}";
        }

        if (line.Length > 0)
        {
            yield return line;
        }
    }

    public static string Silos(int silos) =>
        silos switch
        {
            0 => "sequential reference",
            _ => Count(silos, "silo"),
        };
}
