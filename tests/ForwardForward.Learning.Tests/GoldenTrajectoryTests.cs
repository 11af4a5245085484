using System.Globalization;
using ForwardForward.Learning.Exactness;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tensors;
using Xunit.Abstractions;

namespace ForwardForward.Learning.Tests;

/// <summary>
/// Goodness and loss of every layer over 100 updates, kept in a file per kernel fingerprint. A change of any bit shows here; where it is
/// wanted, WRITE_FIXTURE=true writes the file anew.
/// </summary>
public sealed class GoldenTrajectoryTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(Precision.Fp32)]
    [InlineData(Precision.Bf16)]
    public void Hundred_updates_go_the_way_they_always_went(Precision precision)
    {
        var trajectory = Trajectory(precision);
        var file = Path.Combine(GoldenFolder(), $"{KernelFingerprint.Of(precision).Replace('/', '_')}.txt");
        if (Environment.GetEnvironmentVariable("WRITE_FIXTURE") == "true")
        {
            File.WriteAllText(file, string.Join('\n', trajectory) + "\n");
        }

        if (File.Exists(file))
        {
            Assert.Equal(File.ReadAllLines(file), trajectory);
        }
        else
        {
            output.WriteLine(
                $"There is no {Path.GetFileName(file)} to compare with, so only two runs are compared; WRITE_FIXTURE=true writes it."
            );
            Assert.Equal(Trajectory(precision), trajectory);
        }
    }

    private static List<string> Trajectory(Precision precision)
    {
        var spec = TinyRun.Spec(precision) with { BatchSize = 20 }; // 10 batches an epoch, so every update is measured
        using var trainer = new SequentialTrainer(spec, TinyRun.Data, WorkerPool.One);
        var lines = new List<string> { "slot layer goodnessPositive goodnessNegative loss" };
        trainer.LayerMeasured += m =>
            lines.Add(
                string.Create(CultureInfo.InvariantCulture, $"{m.Slot} {m.Layer} {m.GoodnessPositive:R} {m.GoodnessNegative:R} {m.Loss:R}")
            );
        lines.Add($"state {trainer.Run().Hash}");
        Assert.Equal(1 + (100 * spec.Layers.Count) + 1, lines.Count);
        return lines;
    }

    private static string GoldenFolder()
    {
        const string Tests = "tests/ForwardForward.Learning.Tests";
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (root is not null && !Directory.Exists(Path.Combine(root.FullName, Tests, "Golden")))
        {
            root = root.Parent;
        }

        return root is null ? AppContext.BaseDirectory : Path.Combine(root.FullName, Tests, "Golden");
    }
}
