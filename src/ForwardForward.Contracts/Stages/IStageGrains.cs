using ForwardForward.Contracts.Slots;
using ForwardForward.Learning.Specs;
using Orleans.Concurrency;

namespace ForwardForward.Contracts.Stages;

/// <summary>A stage that owns part of a run's state: a layer or the readout.</summary>
public interface IStageGrain : ISlotReceiver
{
    /// <summary>Makes the stage's state and starts its worker.</summary>
    [ResponseTimeout("00:05:00")]
    Task Open(StageAssignment assignment);

    /// <summary>Stops the worker and frees the state. What is still in the inbox is dropped.</summary>
    [AlwaysInterleave]
    Task Close();
}

/// <summary>One layer of one run; key: <see cref="StageKeys.Layer"/>.</summary>
[Alias("ff.layer")]
public interface ILayerGrain : IStageGrain;

/// <summary>The readout of one run; key: the run.</summary>
[Alias("ff.readout")]
public interface IReadoutGrain : IStageGrain;

/// <summary>Makes a run's slots; key: the run. What is pushed to it are the readout's class probabilities.</summary>
[Alias("ff.source")]
public interface ISourceGrain : ISlotReceiver
{
    /// <summary>Opens the data on the source's silo.</summary>
    /// <exception cref="Learning.InvalidInputException">The data cannot be used.</exception>
    [ResponseTimeout("00:10:00")]
    Task<DataShape> OpenData(ExperimentSpec spec);

    /// <summary>Starts sending slots.</summary>
    [ResponseTimeout("00:05:00")]
    Task Open(StageAssignment assignment);

    /// <summary>Makes no further slot until <see cref="Resume"/>.</summary>
    [AlwaysInterleave]
    Task Pause(int generation);

    [AlwaysInterleave]
    Task Resume(int generation);

    [AlwaysInterleave]
    Task Close();
}

public static class StageKeys
{
    /// <param name="layer">From 0.</param>
    public static string Layer(string run, int layer) => $"{run}/{layer}";

    /// <summary>The layer's position in the network, from 0, in a key that <see cref="Layer"/> made.</summary>
    public static int LayerIndex(string key) => int.Parse(key.AsSpan(key.LastIndexOf('/') + 1), System.Globalization.CultureInfo.InvariantCulture);
}
