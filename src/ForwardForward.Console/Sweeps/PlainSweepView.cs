namespace ForwardForward.Console.Sweeps;

/// <summary>A line for each trial that ends.</summary>
internal sealed class PlainSweepView(TextWriter output, SweepProgress progress) : ISweepView
{
    public Task During(Func<Task> sweep)
    {
        output.WriteLine($"{progress.Name}: {progress.Plan.Experiment}, {SweepWords.Of(progress.Plan)}");
        return sweep();
    }

    public void Expects(int left)
    {
        var earlier = progress.Results.Count(result => result.IsOver);
        if (earlier > 0 && !progress.Plan.Halving)
        {
            output.WriteLine($"{earlier} of {progress.Results.Count} runs are over already");
        }
    }

    public void Ended(TrialResult result) => output.WriteLine(SweepWords.Line(progress.Plan, result));

    public void Changed() { }
}
