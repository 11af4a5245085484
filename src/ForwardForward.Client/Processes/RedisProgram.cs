using ForwardForward.Learning;

namespace ForwardForward.Client.Processes;

/// <summary>The program that a Redis is: Redis' own server or Valkey's, which speak one protocol and take one configuration.</summary>
public static class RedisProgram
{
    /// <summary>Names one of them, on the PATH or by its path, where the machine has both.</summary>
    public const string Variable = "FF_REDIS_SERVER";

    // Redis first: a cluster that is there keeps the program that wrote its files when the machine gets Valkey too.
    private static readonly string[] Known = ["redis-server", "valkey-server"];

    /// <summary>The one to start; null where this machine has none.</summary>
    public static string? Found => Find(Environment.GetEnvironmentVariable(Variable), BackgroundProcess.IsInstalled);

    /// <summary>Whether there is none, and nobody has named one.</summary>
    public static bool IsLacking => Found is null && Named(Environment.GetEnvironmentVariable(Variable)) is null;

    /// <summary>What is missing where none is found, and what was expected.</summary>
    public static string Missing =>
        Named(Environment.GetEnvironmentVariable(Variable)) is { } named
            ? $"{Variable} is '{named}', which is not installed: expected a Redis or Valkey server, on the PATH or by its path."
            : $"Neither {string.Join(" nor ", Known)} is on the PATH, expected one of them "
                + $"(on Debian: apt-get install {string.Join(", or ", Known)}).";

    /// <exception cref="InvalidInputException">None is installed.</exception>
    public static string Expect() => Found ?? throw new InvalidInputException(Missing);

    /// <param name="chosen">What the variable names; null or empty: whichever there is.</param>
    internal static string? Find(string? chosen, Func<string, bool> isInstalled) =>
        Named(chosen) is { } named ? (isInstalled(named) ? named : null) : Known.FirstOrDefault(isInstalled);

    private static string? Named(string? chosen) => string.IsNullOrEmpty(chosen) ? null : chosen;
}
