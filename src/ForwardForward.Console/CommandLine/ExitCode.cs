namespace ForwardForward.Console.CommandLine;

/// <summary>What scripts can rely on.</summary>
internal static class ExitCode
{
    public const int Done = 0;
    public const int RunFailed = 1;
    public const int InvalidInput = 2;
    public const int Unreachable = 3;
    public const int Interrupted = 130;
}
