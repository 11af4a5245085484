using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using ForwardForward.Client.Processes;

namespace ForwardForward.Console.Doctor;

/// <summary>Programs that are started, here or by who builds.</summary>
internal static class Programs
{
    private const string Dotnet = "dotnet";
    private const string RedisCheck = "redis-server";
    private const string OnPath = "on the PATH";

    public static Finding Sdk()
    {
        var (runtime, sdks) = (RuntimeInformation.FrameworkDescription, Sdks());
        return sdks.Count > 0
            ? new(Dotnet, true, $"{runtime}, SDK {string.Join(", ", sdks)}", null)
            : new(
                Dotnet,
                false,
                $"{runtime}, no SDK",
                "What is built runs without one; building ff or an own program needs the SDK of .NET 10 "
                    + "(https://dotnet.microsoft.com/download)."
            );
    }

    /// <param name="advice">What it is for, and how to get it.</param>
    public static Finding OnThePath(string program, string advice) =>
        BackgroundProcess.IsInstalled(program) ? new(program, true, OnPath, null) : new(program, false, "not on the PATH", advice);

    /// <summary>Redis' own server or Valkey's.</summary>
    /// <param name="advice">What it is for, and how to get it.</param>
    public static Finding Redis(string advice) =>
        RedisProgram.Found is { } program
            ? new(RedisCheck, true, program == RedisCheck ? OnPath : $"{program}, which serves as one", null)
            : OnThePath(RedisCheck, advice);

    private static List<string> Sdks()
    {
        try
        {
            using var listing = Process.Start(
                new ProcessStartInfo(
                    Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == Dotnet ? host : Dotnet,
                    "--list-sdks"
                )
                {
                    RedirectStandardOutput = true,
                    RedirectStandardError = true,
                }
            )!;
            var lines = listing.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
            listing.WaitForExit();
            return listing.ExitCode == 0 ? [.. lines.Select(line => line.Split(' ')[0])] : [];
        }
        catch (Win32Exception) // there is no such program
        {
            return [];
        }
    }
}
