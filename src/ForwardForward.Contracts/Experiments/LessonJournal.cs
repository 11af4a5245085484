using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using ForwardForward.Learning;

namespace ForwardForward.Contracts.Experiments;

/// <summary>The journal of what was taught to a run, as text: a line of JSON for each lesson, in the order they were taken in.</summary>
public static class LessonJournal
{
    /// <summary>Most lessons of a run: its record has them all.</summary>
    public const int MaxLessons = 4000;

    /// <summary>Most pixels of a run's lessons together.</summary>
    public const int MaxPixels = 1 << 22;

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
    };

    /// <summary>As a list.</summary>
    public static string Write(IReadOnlyList<Lesson> lessons) => JsonSerializer.Serialize(lessons, Options);

    /// <exception cref="JsonException">The text is no list of lessons.</exception>
    public static IReadOnlyList<Lesson> Read(string text) =>
        JsonSerializer.Deserialize<List<Lesson?>>(text, Options)?.Select(lesson => lesson ?? throw Nothing()).ToList() ?? throw Nothing();

    /// <summary>As lines of a file.</summary>
    public static string WriteLines(IEnumerable<Lesson> lessons) =>
        string.Concat(lessons.Select(lesson => JsonSerializer.Serialize(lesson, Options) + "\n"));

    /// <param name="text">Of a file that <see cref="WriteLines"/> has written.</param>
    /// <param name="origin">The file, as error sentences begin.</param>
    /// <exception cref="InvalidInputException">A line is no lesson.</exception>
    public static IReadOnlyList<Lesson> ReadLines(string text, string origin)
    {
        var lessons = new List<Lesson>();
        foreach (var (number, line) in text.Split('\n').Index().Where(line => !string.IsNullOrWhiteSpace(line.Item)))
        {
            try
            {
                lessons.Add(JsonSerializer.Deserialize<Lesson>(line, Options) ?? throw Nothing());
            }
            catch (JsonException)
            {
                throw new InvalidInputException(
                    $"{origin}: line {number + 1} is no lesson, expected JSON with id, pixels, label and batch, as `ff teach --list` "
                        + "prints."
                );
            }
        }

        return lessons;
    }

    /// <summary>Holds lessons against the run that they are for.</summary>
    /// <param name="pixels">Of a picture.</param>
    /// <param name="classes">Of the data.</param>
    /// <param name="origin">Where they come from, as error sentences begin.</param>
    /// <exception cref="InvalidInputException">One does not fit; the sentence says which and why.</exception>
    public static void Require(IReadOnlyList<Lesson> lessons, int pixels, int classes, string origin)
    {
        var ids = new HashSet<string>();
        foreach (var lesson in lessons)
        {
            var fault =
                Fault(lesson, pixels, classes)
                ?? (ids.Add(lesson.Id) ? null : "it is there twice")
                ?? (lesson.Batch >= 0 ? null : $"it enters batch {lesson.Batch}, expected 0 or more")
                ?? (Digest(lesson.Pixels) == lesson.Sha256 ? null : "its picture has not the SHA-256 that it says");
            if (fault is not null)
            {
                throw new InvalidInputException($"{origin}: the lesson '{Shortened(lesson.Id)}' cannot be used: {fault}.");
            }
        }

        if (lessons.Count > MaxLessons || lessons.Count * (long)pixels > MaxPixels)
        {
            throw new InvalidInputException($"{origin} has {lessons.Count} lessons, expected at most {Most(pixels)}.");
        }
    }

    /// <returns>Why a run with such pictures and classes cannot learn from it, as the end of a sentence; null: it can.</returns>
    public static string? Fault(Lesson lesson, int pixels, int classes) =>
        lesson.Id.Length is 0 or > Lesson.MaxName || lesson.Id.Any(char.IsControl)
            ? $"its id is empty, too long or unprintable, expected at most {Lesson.MaxName} characters"
        : lesson.Pixels.Length != pixels ? $"it has {lesson.Pixels.Length} pixels, expected {pixels}"
        : lesson.Label < 0 || lesson.Label >= classes ? $"its label is {lesson.Label}, expected 0 to {classes - 1}"
        : null;

    /// <summary>Most lessons of a run with pictures of a size.</summary>
    public static int Most(int pixels) => Math.Min(MaxLessons, MaxPixels / pixels);

    /// <summary>SHA-256 of a picture, in lower-case hexadecimal.</summary>
    public static string Digest(byte[] pixels) => Convert.ToHexStringLower(SHA256.HashData(pixels));

    private static JsonException Nothing() => new("There is null, expected a lesson.");

    private static string Shortened(string id) =>
        new([.. id.EnumerateRunes().Where(rune => !Rune.IsControl(rune)).Take(Lesson.MaxName).SelectMany(rune => rune.ToString())]);
}
