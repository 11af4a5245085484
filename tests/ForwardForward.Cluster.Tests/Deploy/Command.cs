using System.Diagnostics;
using ForwardForward.Console.Tests;

namespace ForwardForward.Cluster.Tests.Deploy;

/// <summary>How a program ended that ran to its end.</summary>
internal sealed record Command(int ExitCode, string Output, string Error)
{
    public static Task<Command> Run(string program, params string[] arguments) => Run(program, arguments, []);

    public static async Task<Command> Run(
        string program,
        string[] arguments,
        Dictionary<string, string> environment,
        TimeSpan? longest = null
    )
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var ended = await Ff.Finish(Process.Start(start)!, longest);
        return new Command(ended.ExitCode, ended.Output, ended.Error);
    }

    /// <returns>What it printed on stdout.</returns>
    public string Succeeded()
    {
        Assert.True(ExitCode == 0, $"The exit code is {ExitCode}, expected 0: {Error}{Output}");
        return Output;
    }
}
