using ForwardForward.Contracts.Stages;
using ForwardForward.Learning.Specs;
using ForwardForward.Runtime.Placement;
using Orleans.Runtime;

namespace ForwardForward.Runtime.Experiments;

/// <summary>The grains of one run: source, layers, readout.</summary>
internal sealed class RunStages(IGrainFactory grains, string run)
{
    private readonly List<Func<Task>> _closing = [];

    public ISourceGrain Source => grains.GetGrain<ISourceGrain>(run);

    private IReadoutGrain Readout => grains.GetGrain<IReadoutGrain>(run);

    /// <summary>Opens the data on the source's silo.</summary>
    public Task<DataShape> OpenData(SiloAddress silo, ExperimentSpec spec)
    {
        _closing.Add(() => Source.Close());
        return PlannedPlacementDirector.On(silo, () => Source.OpenData(spec));
    }

    /// <summary>Makes every stage but the source where it is planned: layers from the bottom up, the readout beside the last.</summary>
    public Task Open(StageAssignment assignment, IReadOnlyList<SiloAddress> places)
    {
        _closing.AddRange(places.Select<SiloAddress, Func<Task>>((_, i) => () => Layer(i).Close()).Append(() => Readout.Close()));
        return Task.WhenAll(
        [
            .. places.Select((silo, i) => PlannedPlacementDirector.On(silo, () => Layer(i).Open(assignment))),
            PlannedPlacementDirector.On(places[^1], () => Readout.Open(assignment)),
        ]);
    }

    /// <summary>Takes over the stages that an earlier coordinator opened.</summary>
    public void TakeOver(int layers)
    {
        _closing.Clear();
        _closing.AddRange(Enumerable.Range(0, layers).Select<int, Func<Task>>(i => () => Layer(i).Close()).Append(() => Readout.Close()).Append(() => Source.Close()));
    }

    /// <summary>Frees what was opened; a stage that was lost with its silo is no matter.</summary>
    public async Task Close()
    {
        var closing = _closing.ConvertAll(close => close());
        _closing.Clear();
        foreach (var stage in closing)
        {
            await stage.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }
    }

    private ILayerGrain Layer(int index) => grains.GetGrain<ILayerGrain>(StageKeys.Layer(run, index));
}
