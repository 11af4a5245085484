using System.CommandLine;
using ForwardForward.Console.CommandLine;

namespace ForwardForward.Console.Tests;

/// <summary>
/// The console in the tests' own process, for what needs none of its own: it takes milliseconds where a process takes most of a second.
/// </summary>
internal static class FfInProcess
{
    // A process has one current directory.
    private static readonly SemaphoreSlim Alone = new(1);

    /// <param name="folder">The folder that it is called in.</param>
    public static async Task<FfResult> Run(string folder, params string[] arguments)
    {
        await Alone.WaitAsync();
        var before = Directory.GetCurrentDirectory();
        Directory.SetCurrentDirectory(folder);
        var variables = Ff.VariablesOf(folder)
            .Select(own => (own.Key, Before: Environment.GetEnvironmentVariable(own.Key), own.Value))
            .ToList();
        variables.ForEach(variable => Environment.SetEnvironmentVariable(variable.Key, variable.Value));
        try
        {
            using StringWriter output = new(),
                error = new();
            var exitCode = await Outcome.Of(FFCommand.Parse(arguments), new InvocationConfiguration { Output = output, Error = error });
            return new FfResult(exitCode, output.ToString(), error.ToString());
        }
        finally
        {
            variables.ForEach(variable => Environment.SetEnvironmentVariable(variable.Key, variable.Before));
            Directory.SetCurrentDirectory(before);
            Alone.Release();
        }
    }
}
