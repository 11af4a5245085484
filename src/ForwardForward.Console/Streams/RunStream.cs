using ForwardForward.Console.Training;
using ForwardForward.Contracts.Streams;
using ForwardForward.Experiments.Data.Streams;
using ForwardForward.Learning;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Console.Streams;

/// <summary>The stream of a run of this process: its journal, and what comes in.</summary>
/// <param name="feed">Null where examples come by HTTP.</param>
internal sealed class RunStream(ExperimentSpec spec, int pixels, int classes, StreamFeed? feed) : IDisposable
{
    private readonly CancellationTokenSource _over = new();

    /// <summary>Why not all that came was taken.</summary>
    public string? Refusal => feed?.Refusal;

    /// <returns>Null where the run learns from its data set.</returns>
    public static RunStream? Of(Experiment experiment, StreamFeed? feed) =>
        experiment.Spec.Stream ? new RunStream(experiment.Spec, experiment.Data.Train.PixelsPerImage, experiment.Data.Classes, feed) : null;

    /// <exception cref="InvalidInputException">The spec wants a stream, and none is given.</exception>
    public static void Require(ExperimentSpec spec, TrainRequest request)
    {
        if (spec.Stream && request.Stream is null)
        {
            throw new InvalidInputException("stream: true, but no examples come from anywhere; expected --stream -, http or a file.");
        }
    }

    /// <summary>Its journal.</summary>
    public StreamFile File(string folder) => StreamFile.Of(folder, spec, pixels, classes);

    /// <summary>Begins to take what comes in.</summary>
    /// <param name="give">Takes examples, and answers when they are kept.</param>
    /// <returns>Ends it when it is disposed of.</returns>
    public IDisposable Feed(Func<StreamPost, Task<StreamReceipt>> give, CancellationToken cancellation)
    {
        var ends = CancellationTokenSource.CreateLinkedTokenSource(_over.Token, cancellation);
        if (feed is not null)
        {
            _ = Task.Run(() => Run(give, ends.Token), CancellationToken.None); // one that waits for standard input ends with the process
        }

        return new Ending(ends);
    }

    public void Dispose()
    {
        _over.Cancel();
        _over.Dispose();
    }

    private async Task Run(Func<StreamPost, Task<StreamReceipt>> give, CancellationToken cancellation)
    {
        try
        {
            await feed!.Run(new ExampleLine(spec, pixels, classes), give, cancellation);
        }
        catch (Exception)
        {
            // The run is over, or its silos are gone: it tells of that itself.
        }
    }

    private sealed class Ending(CancellationTokenSource source) : IDisposable
    {
        public void Dispose()
        {
            source.Cancel();
            source.Dispose();
        }
    }
}
