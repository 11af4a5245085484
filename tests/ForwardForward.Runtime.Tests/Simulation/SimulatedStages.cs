using ForwardForward.Contracts.Experiments;
using ForwardForward.Contracts.Stages;
using ForwardForward.Learning;
using ForwardForward.Learning.Specs;
using ForwardForward.Runtime.Experiments;
using ForwardForward.Runtime.Placement;

namespace ForwardForward.Runtime.Tests.Simulation;

/// <summary>The stages as one coordinator reaches them: anywhere among the silos that are there, over calls that may fail.</summary>
internal sealed class SimulatedStages(SimulatedWorld world, SimulatedSilo here) : IRunStages
{
    private IReadOnlyList<SimulatedSilo> _places = [];
    private IReadOnlyList<SimulatedSilo> _weighed = [];

    public Task<RunBasis> Settle(ExperimentSpec spec) => Task.FromResult(new RunBasis(spec, SimulatedWorld.Data, "toy"));

    public async Task<OpenedStages> Open(StageAssignment assignment, string fingerprint, IReadOnlySet<SiloAddress> leaving)
    {
        _weighed = [.. world.Members];
        var silos = _weighed.Where(silo => !leaving.Contains(silo.Address)).ToList();
        if (silos.Count == 0)
        {
            throw new StageLostException("No silo is there that stays.");
        }

        if (world.HasOtherData)
        {
            throw new InvalidInputException("The silo silo-0 cannot use the data: it holds other data.");
        }

        var placed = world.Keys.Select(key => (Key: key, Silo: silos[world.Draw(silos.Count)])).ToList();
        _places = [.. placed.Select(place => place.Silo)];
        await Task.WhenAll(
            placed
                .Where(place => place.Key != SimulatedWorker.Source)
                .Select(place => world.OpenStage(here, place.Silo, place.Key, assignment))
        );
        return new OpenedStages([.. _places.Select((silo, i) => new LayerPlace(i, NameOf(silo), ""))], "");
    }

    public Task<double> MatrixRate(RunBasis basis) => Task.FromResult(1.0);

    public Task Start(StageAssignment assignment) => world.OpenStage(here, _places[0], SimulatedWorker.Source, assignment);

    public Task Halt(int generation) => Gate(generation, stage => stage.Gate.Close());

    public Task GoOn(int generation) => Gate(generation, stage => stage.Gate.Open());

    public Task<long?> Teach(int generation, Lesson lesson, long notBefore) =>
        AtSource(generation, stage => stage.Lessons!.Teach(lesson, notBefore));

    public Task<long> TakeBack(int generation, int number, long notBefore) =>
        AtSource(generation, stage => stage.Lessons!.TakeBack(number, notBefore));

    public async Task Close(int generation, int layers)
    {
        var closing = world.Keys.Select(key => world.CallStage(here, key, stage => stage.Seat.Close(generation))).ToList();
        foreach (var stage in closing)
        {
            await ((Task)stage).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }
    }

    public bool AreOn(SiloAddress silo) => IsCoordinatorOn(silo) || _places.Any(place => place.Address.Equals(silo));

    public bool IsCoordinatorOn(SiloAddress silo) => here.Address.Equals(silo);

    public string? Lost() => _places.Any(silo => !silo.IsActive) ? "A silo is gone." : null;

    public IReadOnlyList<ActiveSilo> Silos() => [.. world.Members.Select(silo => new ActiveSilo(silo.Address, NameOf(silo)))];

    public IReadOnlyList<string> Gone(IReadOnlyList<LayerPlace> plan) =>
        [
            .. plan.Select(place => place.Silo)
                .Except(world.Members.Select(NameOf))
                .Union(_places.Where(silo => !silo.IsActive).Select(NameOf)),
        ];

    public bool AreSilosOthers() => !_weighed.SequenceEqual(world.Members);

    // Any silo that has nothing to do yet is a gain.
    public bool WouldGain(IReadOnlySet<SiloAddress> leaving)
    {
        _weighed = [.. world.Members];
        return _weighed.Any(silo => !leaving.Contains(silo.Address) && !_places.Contains(silo));
    }

    private static string NameOf(SimulatedSilo silo) => $"silo-{silo.Number}";

    private Task<bool> Gate(int generation, Action<SimulatedStage> act) =>
        AtSource(
            generation,
            stage =>
            {
                act(stage);
                return true;
            }
        );

    private Task<T> AtSource<T>(int generation, Func<SimulatedStage, T> act) =>
        world.CallStage(
            here,
            SimulatedWorker.Source,
            stage =>
            {
                if (!stage.Seat.IsOpenFor(generation))
                {
                    throw new StageLostException("The source does not work for this generation.");
                }

                return Task.FromResult(act(stage));
            }
        );
}
