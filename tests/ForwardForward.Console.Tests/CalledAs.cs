using System.Runtime.CompilerServices;
using ForwardForward.Console.CommandLine;

namespace ForwardForward.Console.Tests;

/// <summary>Every console that these tests start, and the one in their own process, was called as one on the PATH is.</summary>
internal static class CalledAs
{
    [ModuleInitializer]
    public static void Ff() => Environment.SetEnvironmentVariable(Called.Variable, "ff");
}
