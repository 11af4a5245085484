namespace ForwardForward.Learning.Plugins;

/// <summary>An assembly that adds to the algorithm.</summary>
/// <param name="Name">Of the assembly.</param>
/// <param name="Version">Of the assembly.</param>
/// <param name="Sha256">Of its file, in hexadecimal.</param>
/// <param name="Adds">Names that specs may give, by field: <c>goodness.kind cube</c>.</param>
internal sealed record Plugin(string Name, string Version, string Sha256, IReadOnlyList<string> Adds)
{
    private const int ShownDigits = 12;

    /// <summary>As a run's record keeps it: name, version and hash.</summary>
    public string Identity => $"{Name} {Version} {Sha256}";

    /// <summary>For people.</summary>
    public override string ToString() => Shown(Identity);

    /// <summary>An identity for people.</summary>
    internal static string Shown(string identity) =>
        identity.Split(' ') is [var name, var version, var sha256]
            ? $"{name} {version} ({sha256[..Math.Min(ShownDigits, sha256.Length)]})"
            : identity;
}
