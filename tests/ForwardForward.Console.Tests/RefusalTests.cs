namespace ForwardForward.Console.Tests;

public sealed class RefusalTests : Workplace
{
    private const string TwentyLayersOf65536Units =
        "65536,65536,65536,65536,65536,65536,65536,65536,65536,65536," + "65536,65536,65536,65536,65536,65536,65536,65536,65536,65536";

    [Theory]
    [InlineData("supervised-quik", "did you mean 'supervised-quick'?")]
    [InlineData("none.json", "none.json: there is no such file")]
    [InlineData("--set epoch=3", "did you mean 'epochs'?")]
    [InlineData("--set epochs", "expected path=value")]
    [InlineData("--set batchSize=201", "batchSize: 201 is larger than the data set's 200")]
    [InlineData("unsupervised-local", "local: squares of 10 pixels a side, 6 apart, cover pictures of 28 by 28 pixels, and these have 64")]
    [InlineData("--set local.grid=2", "local.grid, local.rows: 1 and 0 for")]
    [InlineData("--set layers=0", "expected a whole number from 1")]
    [InlineData("--set layers=[]", "layers is []")]
    [InlineData("--set optimizer.learningRate=NaN", "optimizer.learningRate")]
    [InlineData("--set trainImages=201", "trainImages: 201 images")]
    [InlineData("--data missing", "'missing' is neither a data set nor a folder")]
    [InlineData("--data damaged", "truncated")]
    [InlineData("--epochs 0", "--epochs is '0', expected a whole number from 1")]
    [InlineData("--epochs many", "--epochs is 'many'")]
    [InlineData("--seed -1", "--seed is '-1'")]
    [InlineData("--precision fp16", "expected one of auto, fp32, bf16")]
    [InlineData("--silos 65", "--silos is '65', expected a whole number from 1 to 64")]
    [InlineData("--reference --silos 2", "--reference runs without silos")]
    [InlineData("--reference --live", "--reference runs without silos, and the page of --live asks them: expected one of the two.")]
    [InlineData("--open", "--open opens the page of --live, which is not given: expected both.")]
    [InlineData("--live --detach", "--live is for runs in this process")]
    [InlineData("--epoch 3", "did you mean '--epochs'?")]
    [InlineData("--name a/b", "'a/b' is no name of a run")]
    [InlineData("--name ..", "'..' is no name of a run")]
    [InlineData(
        "--name=-n",
        "'-n' is no name of a run, expected 1 to 100 letters, digits, '.', '_' and '-', and none of '-' at the beginning."
    )]
    [InlineData("--out --json", "--out needs a value")]
    [InlineData("--set layers=" + TwentyLayersOf65536Units, "GB of memory on this machine, layer")]
    [InlineData("--reference --set layers=" + TwentyLayersOf65536Units, "GB of memory on this machine, layer")]
    [InlineData("--name used", "used holds files already")]
    [InlineData("--out runs/used", "used holds files already")]
    [InlineData("--out file/run", "file is a file")]
    [InlineData("supervised-quick again", "takes no further argument 'again'")]
    public async Task Bad_input_is_one_sentence_on_stderr_and_leaves_nothing_behind(string arguments, string sentence)
    {
        Prepare();
        var before = Everything();

        string[] data = arguments.StartsWith("--data", StringComparison.Ordinal) ? [] : ["--data", "tiny"];
        var result = await Run(["train", .. data, .. arguments.Split(' ')]);

        IsRefused(result, sentence);
        Assert.Equal(before, Everything());
    }

    [Fact]
    public async Task A_file_in_the_place_of_the_runs_is_refused()
    {
        await File.WriteAllTextAsync(At("runs"), "");

        // by a process of its own, to see that it writes and ends as it does here
        IsRefused(await Train("--reference"), "cannot be written");
    }

    [Theory]
    [InlineData("", "A verb is missing")]
    [InlineData("trian", "did you mean 'train'?")]
    [InlineData("presets shw", "did you mean 'show'?")]
    [InlineData("presets show supervisd", "did you mean 'supervised'?")]
    [InlineData("presets show", "Required argument 'NAME' missing")]
    [InlineData("data get mnst", "did you mean 'mnist'?")]
    [InlineData("runs show nowhere", "There is no run 'nowhere'")]
    [InlineData("cluster certs --role observer", "--role is given without --for")]
    [InlineData("cluster certs --for ../alice", "--for is '../alice', expected a name of letters")]
    [InlineData("cluster certs --for Silo", "--for is 'Silo', which is the folder of a role")]
    [InlineData("cluster certs --for alice --role silo", "--role is 'silo', expected operator or observer")]
    [InlineData("runs --jsn", "did you mean '--json'?")]
    public async Task Wrong_usage_is_one_sentence_on_stderr(string arguments, string sentence) =>
        IsRefused(await Run(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries)), sentence);

    private static void IsRefused(FfResult result, string sentence)
    {
        Assert.Equal(2, result.ExitCode);
        Assert.Equal("", result.Output);
        Assert.Contains(sentence, result.Error, StringComparison.Ordinal);
        Assert.Single(result.Error.TrimEnd('\n').Split('\n'));
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", result.Error, StringComparison.Ordinal);
    }

    private void Prepare()
    {
        Directory.CreateDirectory(At("runs", "used"));
        File.WriteAllText(At("runs", "used", "spec.json"), "{}");
        File.WriteAllText(At("file"), "");
        Directory.CreateDirectory(At("damaged"));
        foreach (var file in Directory.GetFiles(At("tiny")))
        {
            File.WriteAllBytes(At("damaged", Path.GetFileName(file)), File.ReadAllBytes(file)[..^3]);
        }
    }

    private string[] Everything() =>
        [.. Directory.EnumerateFileSystemEntries(Folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
}
