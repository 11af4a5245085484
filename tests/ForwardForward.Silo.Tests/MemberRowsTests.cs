using System.Net;
using StackExchange.Redis;

namespace ForwardForward.Silo.Tests;

/// <summary>What is written back into a table that has lost rows.</summary>
public sealed class MemberRowsTests
{
    private static readonly SiloAddress Silo = SiloAddress.New(IPAddress.Loopback, 11111, 7);
    private static readonly MemberRows Seen = Rows(12, ("mine", "a"), ("yours", "b"));

    [Fact]
    public void A_table_that_is_empty_gets_all_rows_as_a_version_that_is_newer() =>
        Is(Seen.Over(MemberRows.None), 13, ("mine", "a"), ("yours", "b"));

    [Fact]
    public void A_silo_that_has_founded_a_cluster_of_its_own_stays_in_the_table() =>
        Is(Seen.Over(Rows(1, ("new", "c"))), 13, ("mine", "a"), ("new", "c"), ("yours", "b"));

    [Fact]
    public void What_another_has_written_back_and_changed_since_is_left() =>
        Is(Seen.Over(Rows(20, ("yours", "dead"))), 21, ("mine", "a"), ("yours", "dead"));

    [Fact]
    public void An_older_table_gets_what_was_written_after_it() =>
        Is(Seen.Over(Rows(9, ("mine", "joining"), ("yours", "b"))), 13, ("mine", "a"), ("yours", "b"));

    [Fact]
    public void A_silo_is_named_by_its_address_with_its_generation()
    {
        Assert.True(Rows(1, ("S127.0.0.1:11111:7", "x")).Names(Silo));
        Assert.False(Rows(1, ("S127.0.0.1:11111:8", "x")).Names(Silo));
        Assert.False(MemberRows.None.Names(Silo));
    }

    private static MemberRows Rows(long version, params (string Name, string Value)[] rows) =>
        new([.. rows.Select(row => new HashEntry(row.Name, row.Value)), new HashEntry(MemberRows.VersionField, version)]);

    private static void Is(HashEntry[] written, long version, params (string Name, string Value)[] rows)
    {
        var (expected, actual) = (
            rows.Append((Name: MemberRows.VersionField, Value: $"{version}")),
            written.Select(row => (Name: row.Name.ToString(), Value: row.Value.ToString()))
        );
        Assert.Equal(expected.OrderBy(row => row.Name, StringComparer.Ordinal), actual.OrderBy(row => row.Name, StringComparer.Ordinal));
    }
}
