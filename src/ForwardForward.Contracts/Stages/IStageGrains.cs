using ForwardForward.Contracts.Experiments;
using ForwardForward.Contracts.Slots;
using ForwardForward.Learning.Recipes;
using ForwardForward.Learning.Specs;
using Orleans.Concurrency;

namespace ForwardForward.Contracts.Stages;

/// <summary>A stage that owns part of a run's state: a layer or the readout.</summary>
internal interface IStageGrain : ISlotReceiver
{
    /// <summary>Makes the stage's state and starts its worker.</summary>
    /// <param name="silo">Where it is to live.</param>
    /// <returns>Whether it is open; false where it was found elsewhere or is just being closed, and the call is to be made again.</returns>
    [ResponseTimeout("00:05:00")]
    Task<bool> Open(StageAssignment assignment, SiloAddress silo);

    /// <summary>
    /// Stops the worker and frees the state, if it works for this generation or an older one. What is still in the inbox is dropped.
    /// </summary>
    [AlwaysInterleave, ResponseTimeout("00:00:10")]
    Task Close(int generation);
}

/// <summary>One layer of one run; key: <see cref="StageKeys.Layer"/>.</summary>
[Alias("ff.layer")]
internal interface ILayerGrain : IStageGrain;

/// <summary>The readout of one run; key: the run.</summary>
[Alias("ff.readout")]
internal interface IReadoutGrain : IStageGrain;

/// <summary>Makes a run's slots; key: the run. What is pushed to it are the readout's class probabilities.</summary>
[Alias("ff.source")]
internal interface ISourceGrain : ISlotReceiver
{
    /// <summary>Opens the data on the source's silo.</summary>
    /// <param name="generation">That the data is opened for.</param>
    /// <param name="silo">Where it is to live.</param>
    /// <returns>Null where the source was found elsewhere or is just being closed, and the call is to be made again.</returns>
    /// <exception cref="Learning.InvalidInputException">The data cannot be used.</exception>
    [ResponseTimeout("00:10:00")]
    Task<DataShape?> OpenData(int generation, ExperimentSpec spec, SiloAddress silo);

    /// <summary>Starts sending slots.</summary>
    /// <inheritdoc cref="IStageGrain.Open"/>
    [ResponseTimeout("00:05:00")]
    Task<bool> Open(StageAssignment assignment, SiloAddress silo);

    /// <summary>
    /// Makes the next training slot one that every stage keeps its state after, tells the coordinator which, and makes none after it.
    /// </summary>
    [AlwaysInterleave]
    Task Halt(int generation);

    /// <summary>Goes on after a halt.</summary>
    [AlwaysInterleave]
    Task GoOn(int generation);

    [AlwaysInterleave, ResponseTimeout("00:00:10")]
    Task Close(int generation);

    /// <summary>Lets images ride with the next slot; answers when they have come out at the top.</summary>
    /// <param name="pixels">Of at most <see cref="PredictionRequest.MaxImages"/> images as large as the run's, one after the other.</param>
    /// <exception cref="BusyException">Too many wait already.</exception>
    /// <exception cref="TimeoutException">No slot came through in time.</exception>
    [AlwaysInterleave, ResponseTimeout("00:00:15")]
    Task<PredictionResult> Ask(int generation, byte[] pixels);

    /// <summary>As <see cref="Ask"/>, and asks each layer, too.</summary>
    /// <param name="pixels">Of at most <see cref="PredictionRequest.MaxTried"/> images.</param>
    [AlwaysInterleave, ResponseTimeout("00:00:15")]
    Task<PredictionResult> AskLayers(int generation, byte[] pixels);

    /// <summary>Lets a lesson in.</summary>
    /// <param name="notBefore">The first mini-batch that it may enter.</param>
    /// <returns>The mini-batch that it enters; null where none is left.</returns>
    [AlwaysInterleave, ResponseTimeout("00:00:10")]
    Task<long?> Teach(int generation, Lesson lesson, long notBefore);

    /// <summary>Shows a lesson no more.</summary>
    /// <param name="number">In the order in which they were taken.</param>
    /// <param name="notBefore">The first mini-batch that may be without it.</param>
    /// <returns>The first mini-batch that is without it.</returns>
    [AlwaysInterleave, ResponseTimeout("00:00:10")]
    Task<long> TakeBack(int generation, int number, long notBefore);

    /// <summary>What came out at the top; nobody waits for it where the run has moved on.</summary>
    [AlwaysInterleave, OneWay]
    Task Answered(int generation, PredictionResponse answer);
}

internal static class StageKeys
{
    /// <param name="layer">Position among the stages that layers make, from 0.</param>
    public static string Layer(string run, int layer) => $"{run}/{layer}";

    /// <summary>The position among the stages that layers make, from 0, in a key that <see cref="Layer"/> made.</summary>
    public static int LayerIndex(string key) =>
        int.Parse(key.AsSpan(key.LastIndexOf('/') + 1), System.Globalization.CultureInfo.InvariantCulture);
}
