using ForwardForward.Contracts.Experiments;
using ForwardForward.Contracts.Stages;
using ForwardForward.Experiments.Data.Pictures;
using ForwardForward.Learning;
using ForwardForward.Learning.Data;
using ForwardForward.Learning.Exactness;
using ForwardForward.Learning.Plugins;
using ForwardForward.Learning.Recipes;
using ForwardForward.Learning.Recipes.Networks;
using ForwardForward.Learning.Specs;
using ForwardForward.Runtime.Placement;

namespace ForwardForward.Runtime.Experiments;

/// <summary>The grains of one run: source, layers, readout. The source is on the first silo.</summary>
/// <param name="contract">Of this silo: the run is with silos of the same, which alone understand each other.</param>
internal sealed class RunStages(IGrainFactory grains, ClusterView cluster, SiloAddress here, int contract, string run, TimeProvider time)
    : IRunStages
{
    private const double MinGain = 0.1; // of the slowest silo's time: less is not worth the halt
    private static readonly TimeSpan ClosingTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(20);
    private IReadOnlyList<SiloMember> _places = [];
    private readonly SteadySilos _steady = new();
    private readonly long _start = time.GetTimestamp();
    private IReadOnlyList<SiloMember> _weighed = []; // what the places were last compared with
    private SiloMember? _sourcePlace;
    private StageAssignment? _assignment;
    private string _fingerprint = "";
    private bool _hasSourceAlone;

    private ISourceGrain Source => grains.GetGrain<ISourceGrain>(run);

    private IReadoutGrain Readout => grains.GetGrain<IReadoutGrain>(run);

    public async Task<RunBasis> Settle(ExperimentSpec spec)
    {
        var silos = await cluster.Silos(contract);
        RequirePlugins(spec = SpecPlugins.Resolve(spec), silos);
        _hasSourceAlone = true;
        var data = await OpenData(silos[0], generation: 0, spec);
        spec = new DataDescription(data.Height, data.Width, data.Channels, data.Classes, data.ClassNames).Fill(spec);
        RequireSlots(spec, data);
        MemoryAdmission.RequireSome(spec, data, silos);
        spec = DataFigures.Settled(spec, data.Figures) with
        {
            DatasetSha256 = data.Sha256,
            Precision = await Task.Run(() => ProductsOf.Resolve(spec, data.Pixels)),
        };
        RequireSlots(spec, data);
        silos = KernelChoice.Able(silos, spec.Precision);
        silos = spec.Exact ? KernelChoice.Of(silos, spec, data) : silos;
        var plan = Plan(spec, data, silos);
        MemoryAdmission.Require(spec, data, silos, plan);
        return new RunBasis(
            spec,
            data,
            KernelFingerprint.OfRun(
                spec,
                ClusterView.Kernels(silos, plan, spec.Precision) ?? await Task.Run(() => KernelFingerprint.Of(spec.Precision))
            )
        );
    }

    public async Task<OpenedStages> Open(StageAssignment assignment, string fingerprint, IReadOnlySet<SiloAddress> leaving)
    {
        var staying = Staying(_weighed = await cluster.Silos(contract), leaving);
        if (staying.Count == 0)
        {
            throw new StageLostException("No silo is there that stays.");
        }

        await cluster.Agree(staying, grains);
        (_assignment, _fingerprint) = (assignment, fingerprint);
        var silos = Alike(staying);
        if (silos.Count == 0)
        {
            throw new StageLostException(
                staying.Select(silo => PluginSet.Missing(assignment.Spec.Plugins, silo.Profile.Plugins)).FirstOrDefault() is { } missing
                    ? $"{missing} on the silo {staying[0].Name}, with which the run began."
                    : $"No silo is there whose kernels are {fingerprint}, with which the run began."
            );
        }

        await OpenData([.. Sources(silos, staying)], assignment.Generation, assignment.Spec);
        var placement = Plan(assignment.Spec, assignment.Data, silos);
        var planned = placement.SiloOfLayer.Select(silo => silos[silo]).ToList();
        (_places, _hasSourceAlone) = (planned, false);
        await Task.WhenAll([
            .. planned.Select((silo, i) => Open(silo, place => Layer(i).Open(assignment, place))),
            Open(silos[placement.SiloOfReadout], place => Readout.Open(assignment, place)),
        ]);
        var parts = StageTopology.Of(assignment.Spec).Parts;
        StageNotices.Give(assignment, planned, silos[placement.SiloOfReadout], _sourcePlace!, here, grains);
        string[] stages = [.. parts.Select(part => $"layer {part.Name}"), "readout"];
        List<SiloMember> places = [.. planned, silos[placement.SiloOfReadout]];
        return new OpenedStages(
            [
                .. planned.Select(
                    (silo, i) => new LayerPlace(parts[i].Layer + 1, silo.Name, silo.Endpoint) { Version = silo.Profile.Version }
                ),
            ],
            Reason(placement, staying.Count - silos.Count)
        )
        {
            Versions = [.. stages.Zip(places, (stage, silo) => new StageVersions(stage, [silo.Profile.Version]))],
            Kernels = KernelFingerprint.Recorded(assignment.Spec) is { } precision
                ? await KernelChoice.OfStages(stages, places, precision)
                : [],
        };
    }

    public Task<double> MatrixRate(RunBasis basis) => ClusterView.MatrixRate(_places, basis.Spec, basis.Data.Pixels, grains);

    public Task Start(StageAssignment assignment) => Open(_sourcePlace!, place => Source.Open(assignment, place));

    public Task Halt(int generation) => Source.Halt(generation);

    public Task GoOn(int generation) => Source.GoOn(generation);

    public Task<long?> Teach(int generation, Lesson lesson, long notBefore) => Source.Teach(generation, lesson, notBefore);

    public Task<long> TakeBack(int generation, int number, long notBefore) => Source.TakeBack(generation, number, notBefore);

    public async Task Close(int generation, int layers)
    {
        var others = _hasSourceAlone
            ? []
            : Enumerable.Range(0, layers).Select(i => Layer(i).Close(generation)).Append(Readout.Close(generation));
        var closing = others.Append(Source.Close(generation)).ToList();
        foreach (var stage in closing)
        {
            await stage.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }
    }

    public bool AreOn(SiloAddress silo) => IsCoordinatorOn(silo) || Used.Any(place => place.Address.Equals(silo));

    public bool IsCoordinatorOn(SiloAddress silo) => here.Equals(silo);

    public string? Lost()
    {
        if (Used.FirstOrDefault(silo => !cluster.IsActive(silo.Address)) is not { } gone)
        {
            return null;
        }

        var layers = _places
            .Select((silo, i) => (silo, i))
            .Where(place => place.silo.Address.Equals(gone.Address))
            .Select(place => $"layer {StageTopology.Of(_assignment!.Spec).Parts[place.i].Name}")
            .ToList();
        return $"The silo {gone.Name} ({gone.Endpoint}) is "
            + $"gone{(layers.Count > 0 ? $", and with it {string.Join(" and ", layers)}" : "")}.";
    }

    public IReadOnlyList<ActiveSilo> Silos() => cluster.Active();

    // By address where this coordinator placed the stages, so that a silo that is started again in its place counts as gone.
    public IReadOnlyList<string> Gone(IReadOnlyList<LayerPlace> plan)
    {
        var there = cluster.Active().Select(silo => silo.Address.Endpoint.ToString()).ToHashSet();
        var used = Used.Where(silo => !cluster.IsActive(silo.Address)).Select(silo => silo.Name);
        return [.. plan.Where(place => !there.Contains(place.Endpoint)).Select(place => place.Silo).Concat(used).Distinct()];
    }

    public bool AreSilosOthers()
    {
        _steady.See([.. cluster.Known().Select(silo => silo.Name)], time.GetElapsedTime(_start));
        return !_weighed.Select(silo => silo.Address).SequenceEqual(Choice().Select(silo => silo.Address));
    }

    public bool WouldGain(IReadOnlySet<SiloAddress> leaving)
    {
        _weighed = Choice();
        if (_assignment is not { } assignment || Alike(Staying(_weighed, leaving)) is not { Count: > 0 } silos)
        {
            return false;
        }

        var offers = ClusterView.Offers(silos, assignment.Spec.Precision);
        var costs = Recipe.Of(assignment.Spec).Network.Costs(assignment.Data.Pixels, assignment.Data.Classes);
        double Slowest(IEnumerable<int> siloOfLayer) => PlacementPlan.SlowestTime(siloOfLayer, costs, offers);
        var now = _places.Select(place => silos.FindIndex(silo => silo.Address.Equals(place.Address))).ToList();
        return now.TrueForAll(silo => silo >= 0)
            && Slowest(Plan(assignment.Spec, assignment.Data, silos).SiloOfLayer) < (1 - MinGain) * Slowest(now);
    }

    // What a run that has no need to move may move to.
    private List<SiloMember> Choice() =>
        [
            .. cluster
                .Known(contract)
                .Where(silo => _steady.Has(silo.Name, time.GetElapsedTime(_start)) || Used.Any(used => used.Address.Equals(silo.Address))),
        ];

    private static string Reason(PlacementPlan placement, int others) =>
        $"{placement.Reason}{(others > 0 ? $" {others} with other kernels left out." : "")}".Trim();

    private static void RequireSlots(ExperimentSpec spec, DataShape data) =>
        SlotSize.Require(spec, new SlotPlan(spec, data.TrainImages, data.TestImages, data.Classes), data.Pixels);

    private IEnumerable<SiloMember> Used => _sourcePlace is null ? _places : _places.Append(_sourcePlace);

    private ILayerGrain Layer(int index) => grains.GetGrain<ILayerGrain>(StageKeys.Layer(run, index));

    private static List<SiloMember> Staying(IEnumerable<SiloMember> silos, IReadOnlySet<SiloAddress> leaving) =>
        [.. silos.Where(silo => !leaving.Contains(silo.Address))];

    // What makes the rows is no kernel of a device, but of the processor.
    private static IEnumerable<SiloMember> Sources(List<SiloMember> silos, List<SiloMember> staying) =>
        silos.Concat(staying.Where(silo => silo.Profile.Device != silos[0].Profile.Device));

    // An exact run's bits are those of one kind of kernels: it waits for such a silo rather than go on with others.
    private List<SiloMember> Alike(IEnumerable<SiloMember> silos) => [.. silos.Where(IsAlike)];

    private bool IsAlike(SiloMember silo)
    {
        var spec = _assignment!.Spec;
        var knowsKernels = silo.Profile.Kernels.TryGetValue(spec.Precision, out var kernels);
        return PluginSet.Missing(spec.Plugins, silo.Profile.Plugins) is null
            && silo.Profile.Computes(spec.Precision)
            && (!knowsKernels || KernelFingerprint.OfRun(spec, kernels!) == _fingerprint);
    }

    private static void RequirePlugins(ExperimentSpec spec, IReadOnlyList<SiloMember> silos)
    {
        foreach (var silo in silos)
        {
            if (PluginSet.Missing(spec.Plugins, silo.Profile.Plugins) is { } missing)
            {
                throw new InvalidInputException(
                    $"{missing} on the silo {silo.Name} ({silo.Endpoint}); expected it in {PluginSet.Variable} of every silo."
                );
            }
        }
    }

    private Task<DataShape> OpenData(SiloMember silo, int generation, ExperimentSpec spec)
    {
        _sourcePlace = silo;
        return Open(silo, place => Source.OpenData(generation, spec, place), data => data is not null)!;
    }

    // On the first silo that has the run's data.
    private async Task OpenData(List<SiloMember> silos, int generation, ExperimentSpec spec)
    {
        InvalidInputException? refusal = null;
        foreach (var silo in silos)
        {
            try
            {
                await OpenData(silo, generation, spec);
                return;
            }
            catch (InvalidInputException e)
            {
                refusal ??= e;
            }
        }

        var others = silos.Count == 1 ? "" : $" Nor can {string.Join(" or ", silos.Skip(1).Select(silo => silo.Name))}.";
        throw new InvalidInputException(refusal!.Message + others, refusal);
    }

    private Task<bool> Open(SiloMember silo, Func<SiloAddress, Task<bool>> open) => Open(silo, open, isOpen => isOpen);

    private async Task<T> Open<T>(SiloMember silo, Func<SiloAddress, Task<T>> open, Func<T, bool> isOpen)
    {
        for (var started = time.GetTimestamp(); time.GetElapsedTime(started) < ClosingTimeout; await Task.Delay(Pace, time))
        {
            var answer = await PlannedPlacementDirector.On(silo.Address, () => open(silo.Address));
            if (isOpen(answer))
            {
                return answer;
            }
        }

        throw new StageLostException($"A stage that was closed is still there after {ClosingTimeout.TotalSeconds:0} s.");
    }

    private static PlacementPlan Plan(ExperimentSpec spec, DataShape data, IReadOnlyList<SiloMember> silos) =>
        PlacementPlan.Compute(Recipe.Of(spec).Network.Costs(data.Pixels, data.Classes), ClusterView.Offers(silos, spec.Precision));
}
