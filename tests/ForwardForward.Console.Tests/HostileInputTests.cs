using System.Diagnostics;
using CsCheck;
using ForwardForward.Fuzz;
using ForwardForward.Fuzz.Targets;

namespace ForwardForward.Console.Tests;

/// <summary>
/// Thousands of damaged real inputs for every decoder, the same ones each time; a run with AFL++ takes a million others (docs/security.md).
/// </summary>
[Collection(nameof(HostileInputTests))]
[CollectionDefinition(nameof(HostileInputTests), DisableParallelization = true)]
public sealed class HostileInputTests
{
    private const int Inputs = 4000;
    private const int Tries = 3;
    private const long MaxMemory = 64 << 20;
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(1);

    public static TheoryData<string> Decoders => [.. Targets.Names];

    [Theory]
    [MemberData(nameof(Decoders))]
    public void A_decoder_takes_or_refuses_whatever_comes_soon_and_in_little_memory(string decoder)
    {
        var target = Targets.Named(decoder);
        Assert.All(target.Seeds, seed => target.Decode(seed));

        var (inputs, random) = (Mutations.Of(target.Seeds), new PCG(7));
        for (var i = 0; i < Inputs; i++)
        {
            var input = inputs.Generate(random, null, out _);
            var (finding, took, memory) = Decode(target, input);
            for (var again = 0; again < Tries && finding is null && took >= Timeout; again++)
            {
                (finding, took, memory) = Decode(target, input); // a machine that does much else may have held it up
            }

            Assert.True(
                finding is null && took < Timeout && memory < MaxMemory,
                $"{Convert.ToBase64String(input)} takes {took.TotalSeconds:0.0} s and {memory >> 20} MB: {finding}"
            );
        }
    }

    private static (Exception? Finding, TimeSpan Took, long Memory) Decode(ITarget target, byte[] input)
    {
        var (allocated, started) = (GC.GetTotalAllocatedBytes(), Stopwatch.GetTimestamp());
        var finding = Record.Exception(() => target.Decode(input));
        return (finding, Stopwatch.GetElapsedTime(started), GC.GetTotalAllocatedBytes() - allocated);
    }
}
