using StackExchange.Redis;

namespace ForwardForward.Silo;

/// <summary>
/// Orleans' table of a cluster's members in Redis, as it lies there: a hash with a field for each silo and one for the table's version.
/// </summary>
internal sealed class MemberRows(HashEntry[] rows)
{
    public const string VersionField = "Version";

    public static MemberRows None { get; } = new([]);

    public bool HasVersion => Array.Exists(rows, row => row.Name == VersionField);

    public int Silos => rows.Count(row => row.Name != VersionField);

    /// <summary>Of every change that the table has had; silos pass over one that is older than what they know.</summary>
    public long Version => Array.Find(rows, row => row.Name == VersionField).Value is { HasValue: true } version ? (long)version : 0;

    public bool Names(SiloAddress silo) => Array.Exists(rows, row => row.Name == silo.ToString());

    /// <summary>These rows and those of a table that has lost some of them, as a version that is newer than both.</summary>
    public HashEntry[] Over(MemberRows there)
    {
        var (older, newer) = there.Version < Version ? (there.Rows, Rows) : (Rows, there.Rows);
        var all = older.Concat(newer).GroupBy(row => row.Name).Select(row => row.Last());
        return [.. all.Where(row => row.Name != VersionField), new HashEntry(VersionField, Math.Max(Version, there.Version) + 1)];
    }

    private HashEntry[] Rows => rows;
}
