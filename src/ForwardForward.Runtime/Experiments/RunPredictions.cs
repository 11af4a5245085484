using ForwardForward.Contracts.Experiments;
using ForwardForward.Contracts.Stages;
using ForwardForward.Learning;
using ForwardForward.Learning.Checkpoints;
using ForwardForward.Learning.Data;
using ForwardForward.Learning.Predictions;
using ForwardForward.Learning.Recipes;
using ForwardForward.Learning.Specs;
using ForwardForward.Runtime.Checkpoints;
using ForwardForward.Runtime.Placement;

namespace ForwardForward.Runtime.Experiments;

/// <summary>Answers for one run: through the network that trains where it trains, else through the newest checkpoint.</summary>
internal sealed class RunPredictions(ISourceGrain source, ICheckpoints checkpoints)
{
    private static readonly SemaphoreSlim OneNetwork = new(1); // of a silo: each is as large as the run's

    /// <inheritdoc cref="IExperimentGrain.Predict"/>
    /// <param name="tries">Whether to ask each layer, too.</param>
    public async Task<PredictionResult> Of(RunStatus status, byte[] pixels, bool tries = false)
    {
        if (status.Data is not { } data)
        {
            throw new InvalidInputException($"The run '{status.Run}' has not begun, expected one that has learned something.");
        }

        var images = pixels.Length / data.Pixels;
        var most = tries ? PredictionRequest.MaxTried(data.Classes) : PredictionRequest.MaxImages;
        if (images == 0 || images > most || pixels.Length % data.Pixels != 0)
        {
            throw new InvalidInputException(
                $"{pixels.Length} pixels are no images for the run '{status.Run}', expected 1 to {most} images "
                    + $"of {data.Pixels} pixels."
            );
        }

        try
        {
            if (status.State == RunState.Running)
            {
                return await (tries ? source.AskLayers(status.Generation, pixels) : source.Ask(status.Generation, pixels));
            }
        }
        catch (Exception e) when (e is StageLostException or TimeoutException or OrleansException)
        {
            // It has just come to rest, or is lost: its checkpoint answers as well.
        }

        return await Task.Run(() => FromCheckpoint(status, new LabelledImages(images, 1, data.Pixels, pixels, new byte[images]), tries));
    }

    private async Task<PredictionResult> FromCheckpoint(RunStatus status, LabelledImages images, bool tries)
    {
        await OneNetwork.WaitAsync();
        try
        {
            for (CheckpointId? gone = null; ; )
            {
                var manifest =
                    (await checkpoints.Latest(SpecReader.Write(status.Spec), status.Fingerprint)).Latest
                    ?? throw new InvalidInputException(
                        $"The run '{status.Run}' has no checkpoint yet and does not train now: ask again when it does."
                    );
                try
                {
                    using var network = new TrainedNetwork(
                        status.Spec,
                        [.. manifest.Files.Select(file => checkpoints.Read(manifest.Id, file, CancellationToken.None))]
                    );
                    var (probabilities, test) = network.Answer(images);
                    var layers = tries ? network.Layers(images) : null;
                    return new PredictionResult(manifest.Slot, IsLive: false, probabilities, test)
                    {
                        Goodness = layers?.Labels,
                        NeutralGoodness = layers?.Neutral,
                    };
                }
                catch (CheckpointException) when (manifest.Id != gone)
                {
                    gone = manifest.Id; // a run that trains removes the older ones, this one perhaps while it was read
                }
                catch (CheckpointException e)
                {
                    throw new InvalidInputException($"The run '{status.Run}' has no checkpoint that can be read: {e.Message}", e);
                }
            }
        }
        finally
        {
            OneNetwork.Release();
        }
    }
}
