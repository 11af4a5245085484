namespace ForwardForward.Console.Clusters;

/// <summary>What Orleans says when a cluster could not do what it was asked, in one sentence for a person.</summary>
internal static class ClusterFailure
{
    private const string Storage = "Error from storage provider";

    public static string Sentence(OrleansException failure) =>
        failure.Message.StartsWith(Storage, StringComparison.Ordinal)
            ? "The cluster cannot read or write the state of its runs, expected its Redis to answer; runs that train go on."
            : $"The cluster could not do it: {failure.Message.ReplaceLineEndings("\n").Split('\n')[0]}";
}
