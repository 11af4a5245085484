namespace ForwardForward.Contracts.Access;

/// <summary>What the holder of a certificate is in its cluster, from who may do most to who may do least.</summary>
public enum ClusterRole
{
    /// <summary>A silo: it may do everything.</summary>
    Silo,

    /// <summary>A client that may start, stop, ask and watch runs, but is no silo.</summary>
    Operator,

    /// <summary>A client that may list and watch runs.</summary>
    Observer,
}

/// <summary>
/// The DNS name in a certificate that says who its holder is: <c>silo.CLUSTER-ID.forwardforward</c>. It names no machine, since silos come
/// and go on any; the authority vouches for it, and a certificate of another cluster does not pass under it.
/// </summary>
public static class ClusterName
{
    private const string Suffix = ".forwardforward";

    public static string Of(ClusterRole role, string clusterId) =>
        $"{role.ToString().ToLowerInvariant()}.{clusterId}{Suffix}".ToLowerInvariant();

    /// <returns>Of several the one that may do most; null where none of the names is one of the cluster's.</returns>
    public static ClusterRole? RoleIn(IEnumerable<string> dnsNames, string clusterId)
    {
        var names = dnsNames.Select(name => name.ToLowerInvariant()).ToHashSet();
        return Enum.GetValues<ClusterRole>()
            .Where(role => names.Contains(Of(role, clusterId)))
            .Select(role => (ClusterRole?)role)
            .FirstOrDefault();
    }
}
