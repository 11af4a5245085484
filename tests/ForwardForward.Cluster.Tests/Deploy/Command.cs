using System.Diagnostics;

namespace ForwardForward.Cluster.Tests.Deploy;

/// <summary>How a program ended that ran to its end.</summary>
internal sealed record Command(int ExitCode, string Output, string Error)
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    public static Task<Command> Run(string program, params string[] arguments) => Run(program, arguments, []);

    public static async Task<Command> Run(string program, string[] arguments, Dictionary<string, string> environment)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        try
        {
            await process.WaitForExitAsync().WaitAsync(Longest);
        }
        catch (TimeoutException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} did not end within {Longest}; stdout: {await output} stderr: {await error}");
        }

        return new Command(process.ExitCode, await output, await error);
    }

    /// <returns>What it printed on stdout.</returns>
    public string Succeeded()
    {
        Assert.True(ExitCode == 0, $"The exit code is {ExitCode}, expected 0: {Error}{Output}");
        return Output;
    }
}
