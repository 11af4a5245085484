using System.Text.Json;
using ForwardForward.Console.CommandLine;
using ForwardForward.Console.Conformance;
using ForwardForward.Learning.Exactness;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tensors;

namespace ForwardForward.Console.Verbs;

/// <summary>Says whether this machine comes to the bytes that every machine must come to in portable precision.</summary>
internal static class ConformanceVerb
{
    private const string Example = "./ff conformance";

    public static Verb Command()
    {
        var json = Options.Json();
        var command = new Verb("conformance", "Says whether portable precision comes to the same bytes here as everywhere.", Example)
        {
            json,
        };
        command.SetAction(
            (parsed, cancellation) =>
            {
                var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
                var trace = Conformance.Conformance.Trace(
                    Environment.ProcessorCount,
                    name => error.WriteLine($"trains '{name}'"),
                    cancellation
                );
                return Task.FromResult(Print(output, trace, PassTrace.Expected, parsed.GetValue(json)));
            }
        );
        return command;
    }

    /// <returns>The exit code.</returns>
    internal static int Print(TextWriter output, PassTrace trace, PassTrace expected, bool json)
    {
        var difference = expected.FirstDifference(trace);
        var equal = difference is null;
        if (json)
        {
            var told = new
            {
                hash = trace.Hash,
                expected = expected.Hash,
                equal,
                firstDifference = difference,
            };
            output.WriteLine(JsonSerializer.Serialize(told, Json.OneLine));
        }
        else
        {
            var floats = Precision.Portable.Multiplied().ToString().ToLowerInvariant();
            output.WriteLine($"hash      {trace.Hash}");
            output.WriteLine($"expected  {expected.Hash}");
            output.WriteLine($"computed  on {InstructionSets.Widest}, integers held in {floats}, {Environment.ProcessorCount} threads");
            output.WriteLine(
                equal
                    ? "This machine comes to the same bytes as every other one in portable precision."
                    : $"This machine comes to other bytes, for the first time in {difference}."
            );
        }

        return equal ? ExitCode.Done : ExitCode.RunFailed;
    }
}
