using ForwardForward.Runtime.Experiments;
using Microsoft.Extensions.Logging.Abstractions;

namespace ForwardForward.Runtime.Tests.Simulation;

/// <summary>An activation of the coordinator's grain: what ExperimentGrain does around a real RunCoordinator.</summary>
internal sealed class SimulatedCoordinator
{
    private static readonly TimeSpan TickPeriod = TimeSpan.FromSeconds(1);
    private readonly SimulatedWorld _world;
    private readonly RunStore _store;

    public SimulatedCoordinator(SimulatedWorld world, SimulatedSilo silo)
    {
        (_world, Silo) = (world, silo);
        Turns = world.NewTurns(silo);
        var record = new SimulatedRecord(world);
        Journal = new RunJournal(world.Time);
        _store = new RunStore(
            SimulatedWorld.Run,
            record,
            Journal,
            new SimulatedIndex(),
            new RunWriter($"silo-{silo.Number}", 1, "0.1.0"),
            NullLogger.Instance
        );
        Coordinator = new RunCoordinator(
            SimulatedWorld.Run,
            Journal,
            new SimulatedStages(world, silo),
            new SimulatedCheckpoints(world),
            _store,
            world.Time,
            NullLogger.Instance
        );
        _ = Turns.Run(async () =>
        {
            if (record.RecordExists)
            {
                Coordinator.TakeUp(record.State);
            }

            await Tick();
            return true;
        });
    }

    public SimulatedSilo Silo { get; }

    public Turns Turns { get; }

    public RunJournal Journal { get; }

    public RunCoordinator Coordinator { get; }

    /// <summary>Deactivated: another one has the run.</summary>
    public bool IsGone { get; private set; }

    public bool IsAlive => !IsGone && !Silo.IsDead;

    private async Task Tick()
    {
        while (!IsGone)
        {
            await Task.Delay(TickPeriod, _world.Time);
            try
            {
                await Coordinator.Tick();
            }
            catch (RunTakenOverException)
            {
                IsGone = true;
            }
        }
    }
}
