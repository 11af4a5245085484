namespace ForwardForward.Contracts.Experiments;

/// <summary>
/// A picture that somebody has taught a run while it trained, as the run's journal of lessons has it. From then on the run is a function of
/// spec, data, seed and this journal.
/// </summary>
/// <param name="Id">Chosen by who teaches: the same sent twice enters once.</param>
/// <param name="Pixels">As many as the run's pictures have, 0 (black) to 255.</param>
/// <param name="Label">What it shows.</param>
[GenerateSerializer, Immutable, Alias("ff.lesson")]
public sealed record Lesson([property: Id(0)] string Id, [property: Id(1)] byte[] Pixels, [property: Id(2)] int Label)
{
    /// <summary>Longest <see cref="Id"/>, and longest <see cref="Who"/>.</summary>
    public const int MaxName = 64;

    /// <summary>Name of who taught it, as the caller gave or proved it.</summary>
    [Id(3)]
    public string Who { get; init; } = "";

    [Id(4)]
    public DateTimeOffset At { get; init; }

    /// <summary>The first mini-batch that may show it.</summary>
    [Id(5)]
    public long Batch { get; init; }

    /// <summary>The slot in which that batch first goes up.</summary>
    [Id(6)]
    public long Slot { get; init; }

    /// <summary>SHA-256 of the pixels, in lower-case hexadecimal.</summary>
    [Id(7)]
    public string Sha256 { get; init; } = "";

    /// <summary>The first mini-batch that shows it no more; null: nobody has taken it back.</summary>
    [Id(8)]
    public long? TakenBack { get; init; }
}

/// <summary>What is done of a lesson, in numbers of the run.</summary>
/// <param name="IsNew">False where the same had been sent before.</param>
[GenerateSerializer, Immutable, Alias("ff.lesson-receipt")]
public sealed record LessonReceipt([property: Id(0)] Lesson Lesson, [property: Id(1)] bool IsNew);
