using ForwardForward.Console.Runs;

namespace ForwardForward.Console.Rendering;

/// <summary>What is said of the kernels of a run whose fingerprint does not tell them.</summary>
internal static class KernelText
{
    public const string NotExact = "no: it was not held to one kind of kernels and cannot be repeated bit by bit";

    /// <summary>Each kind of kernels with the stages that it computed, all or at times.</summary>
    public static IReadOnlyList<string> Lines(RunSummary run) =>
        [
            .. (run.Kernels ?? [])
                .SelectMany(stage => stage.Kernels, (stage, kernels) => (stage.Stage, Kernels: kernels))
                .GroupBy(one => one.Kernels, one => one.Stage)
                .Select(kind => $"{kind.Key}: {string.Join(", ", kind)}"),
        ];
}
