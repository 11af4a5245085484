namespace ForwardForward.Console.Tests.Sweeps;

public sealed class SweepRefusalTests : Workplace
{
    private const string Rate = "optimizer.learningRate";

    [Theory]
    [InlineData("--grid optimizer.lerningRate=1,2", "--grid: there is no field 'optimizer.lerningRate'; did you mean 'learningRate'?")]
    [InlineData("--grid optimizer.learningRate=0.1,many", "--grid: optimizer.learningRate is \"many\", expected a number from")]
    [InlineData("--grid epochs=1,0", "--grid: epochs is 0, expected a whole number from 1 to 100000.")]
    [InlineData("--grid optimizer.learningRate", "--grid: 'optimizer.learningRate' tries nothing, expected path=a,b")]
    [InlineData("--grid optimizer.learningRate=", "--grid: 'optimizer.learningRate=' has an empty value")]
    [InlineData("--grid optimizer.learningRate=1,,2", "has an empty value, expected path=a,b")]
    [InlineData("--grid batchSize=10,20,10", "--grid: batchSize is to be 10 twice, expected each value once")]
    [InlineData("--grid batchSize=10 --grid BATCHSIZE=20", "batchSize is swept twice, expected each field once.")]
    [InlineData("--grid batchSize=10 --random batchSize=20..30", "batchSize is swept twice, expected each field once.")]
    [InlineData("--grid batchSize=10 --set batchSize=20", "batchSize is swept and set as well, expected each field once.")]
    [InlineData("--grid epochs=1,2 --epochs 3", "epochs is swept and set as well, expected each field once.")]
    [InlineData("--grid seed=1,2", "seed is swept with --seeds, expected each field once.")]
    [InlineData("--grid holdOut=1,2", "holdOut is one for all trials, and set with --hold-out")]
    [InlineData("--seeds 1,2 --set seed=3", "seed is set and --seeds is given as well")]
    [InlineData("--random optimizer.rate=1..2", "--random: there is no field 'optimizer.rate'")]
    [InlineData("--random optimizer.learningRate=1", "--random: 'optimizer.learningRate=1' has no range, expected path=low..high")]
    [InlineData("--random optimizer.learningRate=a..b", "has no range, expected path=low..high")]
    [InlineData("--random optimizer.learningRate=1..2:lin", "has no range, expected path=low..high")]
    [InlineData(
        "--random optimizer.learningRate=0.2..0.1",
        "--random: optimizer.learningRate is drawn from 0.2 to 0.1, expected the lower end first."
    )]
    [InlineData("--random optimizer.learningRate=0.2..0.2", "is drawn from 0.2 to 0.2, expected the lower end first.")]
    [InlineData(
        "--random optimizer.weightDecay=0..0.1:log",
        "--random: optimizer.weightDecay is drawn from 0 on a log scale, expected more than 0."
    )]
    [InlineData("--random batchSize=1..20000", "--random: batchSize is 20000, expected a whole number from 1 to 10000.")]
    [InlineData("--random batchSize=1.5..20", "--random: batchSize is 1.5, expected a whole number")]
    [InlineData(
        "--random layers=8..16",
        "--random: layers takes a list of 1 to 64 whole numbers from 1 to 65536, expected a field that takes numbers"
    )]
    [InlineData(
        "--random goodness.thresholdPerUnit=0..1 --trials 1001",
        "The sweep has 1,001 trials, expected at most 1,000: --trials N tries N settings."
    )]
    [InlineData(
        "--grid batchSize=1,2,3,4,5,6,7,8,9,10,11 --seeds 1..100",
        "The sweep has 1,100 trials, 11 settings with 100 seeds each, expected at most 1,000"
    )]
    [InlineData("--grid batchSize=1,2 --trials 3", "--trials is 3, but the grid has 2 points, expected at most as many, or --random.")]
    [InlineData("--grid batchSize=1,2 --trials 0", "--trials is '0', expected a whole number from 1")]
    [InlineData("--seeds 3..1", "--seeds is '3..1', expected seeds as in 1..5 or 1,3,7")]
    [InlineData("--seeds 1 --parallel 65", "--parallel is '65', expected a whole number from 1 to 64.")]
    [InlineData("--seeds 1 --parallel 0", "--parallel is '0', expected a whole number from 1 to 64.")]
    [InlineData(
        "--seeds 1 --hold-out 200",
        "trial 1 (seed 1): holdOut: 200 images are held out of 200, expected at least one to learn from."
    )]
    [InlineData("--seeds 1 --hold-out 10 --test", "--hold-out and --test are both given, expected one of the two.")]
    [InlineData("--grid batchSize=20,180", "trial 2 (batchSize=180, seed 1): batchSize: 180 is larger than")]
    [InlineData(
        "--seeds 1 --halving --epochs 8",
        "--halving trains for a ninth of the epochs at first, and epochs is 8, expected at least 9."
    )]
    [InlineData("--grid epochs=9,18 --halving", "epochs cannot be swept with --halving, which gives them to the trials")]
    [InlineData("", "Nothing is swept, expected --grid, --random or --seeds.")]
    [InlineData("--seeds 1 --json --best", "--json and --best are both given, and each prints its own JSON, expected one of the two.")]
    [InlineData("--seeds 1 --name used", "used holds something else than a sweep, expected a folder that is new or empty")]
    [InlineData("--seeds 1 --name a/b", "'a/b' is no name of a run")]
    [InlineData("--seeds 1 --out file/sweep", "The sweep's folder file/sweep cannot be written")]
    [InlineData("--seeds 1 --out file", "file is a file, expected the folder of a sweep")]
    [InlineData("--seeds 1 --name 123456789-123456789-123456789-123456789-123456789-1", "has 51 letters, expected at most 50")]
    [InlineData("--resume nobody", "--resume nobody: expected")]
    public async Task Bad_input_is_one_sentence_and_leaves_nothing_behind(string arguments, string sentence)
    {
        Directory.CreateDirectory(At("runs", "used"));
        await File.WriteAllTextAsync(At("runs", "used", "spec.json"), "{}");
        await File.WriteAllTextAsync(At("file"), "");
        var before = Everything();

        var result = await Run(
            arguments.StartsWith("--resume", StringComparison.Ordinal)
                ? ["sweep", .. arguments.Split(' ')]
                :
                [
                    "sweep",
                    "supervised-quick",
                    "--data",
                    "tiny",
                    "--set",
                    "precision=fp32",
                    .. arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries),
                ]
        );

        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.Contains(
            sentence == "--resume nobody: expected" ? "There is no sweep 'nobody' in runs." : sentence,
            result.Error,
            StringComparison.Ordinal
        );
        Assert.Single(result.Error.TrimEnd('\n').Split('\n'));
        Assert.Equal(before, Everything());
    }

    [Fact]
    public async Task Another_command_on_a_sweep_is_refused_and_the_same_goes_on()
    {
        string[] command = ["sweep", "supervised-quick", .. Small, "--grid", $"{Rate}=0.01,0.02", "--name", "s"];
        var first = await Run([.. command, "--json"]);

        var same = await Run([.. command, "--json"]);
        var seeds = await Run([.. command, "--seeds", "1..2"]);
        var trials = await Run([.. command[..^3], $"{Rate}=0.01", "--name", "s"]);
        var spec = await Run([.. command, "--set", "readout.learningRate=0.5"]);
        var images = await Run([.. command, "--hold-out", "40"]);
        var resumed = await Run("sweep", "--resume", "s", "--seeds", "1");
        var both = await Run("sweep", "supervised-quick", "--resume", "s");

        Assert.Equal((0, first.Output), (same.ExitCode, same.Output));
        Assert.All([seeds, trials, spec, images, resumed, both], refused => Assert.Equal((2, ""), (refused.ExitCode, refused.Output)));
        const string Ending = ", expected the same one: choose another --name, or go on with that by `ff sweep --resume`.\n";
        Assert.EndsWith("holds a sweep with other seeds" + Ending, seeds.Error, StringComparison.Ordinal);
        Assert.EndsWith("holds a sweep of other trials" + Ending, trials.Error, StringComparison.Ordinal);
        Assert.EndsWith("holds a sweep of another spec" + Ending, spec.Error, StringComparison.Ordinal);
        Assert.EndsWith("holds a sweep judged by other images" + Ending, images.Error, StringComparison.Ordinal);
        Assert.Equal("--resume goes on with what the sweep tries, but --seeds is given too, expected one of the two.\n", resumed.Error);
        Assert.Contains("but 'supervised-quick' is given too", both.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sweep_that_another_console_has_is_refused()
    {
        string[] command = ["sweep", "supervised-quick", .. Small, "--seeds", "1", "--name", "s"];
        await Run(command);
        using var held = new FileStream(At("runs", "s", ".running"), FileMode.Create, FileAccess.ReadWrite, FileShare.None);

        var same = await Run(command);
        var resumed = await Run("sweep", "--resume", "s");

        Assert.All(
            [same, resumed],
            refused =>
            {
                Assert.Equal(2, refused.ExitCode);
                Assert.Matches(@"^The sweep in .*runs/s is running in another console, expected one that is not\.\n$", refused.Error);
            }
        );
    }

    private List<string> Everything() =>
        [.. Directory.EnumerateFileSystemEntries(Folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
}
