using ForwardForward.Contracts.Stages;
using ForwardForward.Runtime.Placement;
using Orleans.Runtime;

namespace ForwardForward.Runtime.Experiments;

/// <summary>The grains of one run: source, layers, readout.</summary>
internal sealed class RunStages(IGrainFactory grains, string run)
{
    public ISourceGrain Source => grains.GetGrain<ISourceGrain>(run);

    private IReadoutGrain Readout => grains.GetGrain<IReadoutGrain>(run);

    /// <summary>Makes every stage but the source where it is planned: layers from the bottom up, the readout beside the last.</summary>
    public Task Open(StageAssignment assignment, IReadOnlyList<SiloAddress> places) => Task.WhenAll(
    [
        .. places.Select((silo, i) => PlannedPlacementDirector.On(silo, () => Layer(i).Open(assignment))),
        PlannedPlacementDirector.On(places[^1], () => Readout.Open(assignment)),
    ]);

    /// <summary>Frees what is still there; a stage that was lost or never made is no matter.</summary>
    public async Task Close(int layers)
    {
        IEnumerable<Task> closing = [Source.Close(), Readout.Close(), .. Enumerable.Range(0, layers).Select(i => Layer(i).Close())];
        foreach (var stage in closing)
        {
            await stage.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }
    }

    private ILayerGrain Layer(int index) => grains.GetGrain<ILayerGrain>(StageKeys.Layer(run, index));
}
