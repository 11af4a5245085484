using System.Text;
using ForwardForward.Contracts.Experiments;
using ForwardForward.Learning;

namespace ForwardForward.Fuzz.Targets;

/// <summary>A journal of lessons, as <c>train --journal</c> takes it and <c>teach --list</c> prints it.</summary>
internal sealed class LessonTarget : ITarget
{
    private const int Pixels = 64;
    private const int Classes = 4;

    public IReadOnlyList<byte[]> Seeds { get; } =
    [
        Encoding.UTF8.GetBytes(
            LessonJournal.WriteLines(
                Enumerable
                    .Range(0, 3)
                    .Select(i => new Lesson($"lesson-{i}", Picture(i), i)
                    {
                        Who = "otto",
                        Batch = i,
                        Slot = 2 * i,
                        Sha256 = LessonJournal.Digest(Picture(i)),
                        TakenBack = i == 1 ? 9 : null,
                    })
            )
        ),
    ];

    public void Decode(byte[] input)
    {
        try
        {
            var lessons = LessonJournal.ReadLines(Encoding.UTF8.GetString(input), "journal");
            LessonJournal.Require(lessons, Pixels, Classes, "journal");
            var again = LessonJournal.ReadLines(LessonJournal.WriteLines(lessons), "journal");
            Finding.Unless(again.Count == lessons.Count, "what was taken is written as something else");
        }
        catch (InvalidInputException)
        {
            // its own refusal
        }
    }

    private static byte[] Picture(int value) => [.. Enumerable.Repeat((byte)value, Pixels)];
}
