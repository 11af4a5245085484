using System.Diagnostics;
using System.Globalization;
using CsCheck;
using ForwardForward.Fuzz;
using ForwardForward.Fuzz.Targets;
using SharpFuzz;

// fuzz seeds FOLDER            writes every target's real inputs, a folder each
// fuzz afl TARGET              takes inputs from AFL++ (see fuzz.sh)
// fuzz mutate TARGET COUNT     makes so many inputs itself, and says what the worst of them cost
// fuzz one TARGET FILE         decodes one, to see why
ITarget Target() => Targets.Named(args[1]);
switch (args is [var verb, _, ..] ? verb : "")
{
    case "seeds":
        Targets.WriteSeeds(args[1]);
        return 0;
    case "afl":
        ITarget? attacked = null; // instrumented code runs only once AFL++ listens
        Fuzzer.Run(stream =>
        {
            using var input = new MemoryStream();
            stream.CopyTo(input);
            try
            {
                var isFirst = attacked is null; // what is compiled and loaded then is not its cost
                attacked ??= Target();
                var started = Stopwatch.GetTimestamp();
                attacked.Decode(input.ToArray());
                Finding.Unless(isFirst || Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(1), "it takes more than a second");
            }
            catch (Exception e)
            {
                File.AppendAllText($"{args[1]}.findings", $"{Convert.ToBase64String(input.ToArray())}: {e}\n");
                throw;
            }
        });
        return 0;
    case "mutate" when args.Length == 3:
        Mutate(args[1], Target(), int.Parse(args[2], CultureInfo.InvariantCulture));
        return 0;
    case "one" when args.Length == 3:
        Target().Decode(File.ReadAllBytes(args[2]));
        return 0;
    default:
        Console.Error.WriteLine(
            $"Usage: fuzz seeds FOLDER | afl TARGET | mutate TARGET COUNT | one TARGET FILE; targets: {string.Join(", ", Targets.Names)}."
        );
        return 2;
}

static void Mutate(string name, ITarget target, int count)
{
    var (inputs, random) = (Mutations.Of(target.Seeds), new PCG(1));
    foreach (var seed in target.Seeds)
    {
        target.Decode(seed); // what is compiled and loaded at first is no input's cost
    }

    var (peakBefore, slowest) = (Process.GetCurrentProcess().PeakWorkingSet64, TimeSpan.Zero);
    for (var i = 0; i < count; i++)
    {
        var input = inputs.Generate(random, null, out _);
        var started = Stopwatch.GetTimestamp();
        try
        {
            target.Decode(input);
        }
        catch
        {
            File.WriteAllBytes($"{name}.finding", input);
            throw;
        }

        slowest = new[] { slowest, Stopwatch.GetElapsedTime(started) }.Max();
    }

    Console.WriteLine(
        string.Create(
            CultureInfo.InvariantCulture,
            $"{name}: {count} inputs, no finding, slowest {slowest.TotalMilliseconds:0.0} ms, peak memory "
                + $"+{(Process.GetCurrentProcess().PeakWorkingSet64 - peakBefore) >> 20} MB"
        )
    );
}
