namespace ForwardForward.Experiments.Data.Sources;

/// <summary>One place that data files come from. What it brings is not trusted: the caller verifies every file.</summary>
internal interface IDataSource
{
    /// <summary>What the user reads: "the mirror example.org".</summary>
    string Name { get; }

    /// <summary>Writes each of the files into the folder, plain under its name or gzip with .gz added; may leave others there.</summary>
    /// <exception cref="Exception">Whatever went wrong; the message is the reason shown, and the next source is asked.</exception>
    void Fetch(IReadOnlyList<string> files, string folder, CancellationToken ct);
}
