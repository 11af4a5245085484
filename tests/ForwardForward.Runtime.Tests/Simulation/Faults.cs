namespace ForwardForward.Runtime.Tests.Simulation;

internal enum FaultKind
{
    Crash,
    Freeze,
    Leave,
    Break,
    SecondCoordinator,
    PauseAndResume,
    StorageDown,
    DiskFull,
    Everything,
}

/// <summary>Something that goes wrong.</summary>
/// <param name="After">Milliseconds since the one before.</param>
/// <param name="Victim">Number of a silo or stage, modulo how many there are.</param>
/// <param name="Length">Milliseconds that it lasts.</param>
internal sealed record Fault(FaultKind Kind, int After, int Victim, int Length);

/// <summary>Makes faults in a world, and repairs what they broke.</summary>
internal sealed class Faults(SimulatedWorld world)
{
    private const int DetectsCrash = 2000;
    private const int DetectsSilence = 6000;
    private const int LivesOn = 5000; // milliseconds at most
    private int _broken;

    /// <summary>Faults whose end is still to come.</summary>
    public int UnderWay { get; private set; }

    public void Make(Fault fault)
    {
        var silo = world.Silos[fault.Victim % world.Silos.Length];
        switch (fault.Kind)
        {
            case FaultKind.Crash:
                Crash(silo, fault.Length);
                break;
            case FaultKind.Freeze when !silo.IsDead:
                Freeze(silo, fault.Length);
                break;
            case FaultKind.Leave when silo is { IsDead: false, IsFrozen: false } && world.Members.Count() > 1:
                Last(
                    world.CallCoordinator(
                        silo,
                        async c =>
                        {
                            await c.Leave(silo.Address);
                            return true;
                        }
                    ),
                    () => Crash(silo, fault.Length, isKnown: true)
                );
                break;
            case FaultKind.Break when _broken++ < 3: // a worker that breaks four times at one place ends its run, and should
                world.BreakWorker(fault.Victim);
                break;
            case FaultKind.SecondCoordinator when !world.Storage.IsDown && world.Members.Any():
                world.Activate(fault.Victim);
                break;
            case FaultKind.PauseAndResume:
                Last(world.CallCoordinator(null, c => c.Pause()), () => Later(fault.Length, Resume));
                break;
            case FaultKind.StorageDown:
                world.Storage.IsDown = true;
                Later(fault.Length, () => world.Storage.IsDown = false);
                break;
            case FaultKind.DiskFull:
                world.Disk.IsFull = true;
                Later(fault.Length, () => world.Disk.IsFull = false);
                break;
            case FaultKind.Everything:
                Array.ForEach(world.Silos, each => Crash(each, fault.Length));
                break;
        }
    }

    /// <summary>What RunTakeover does.</summary>
    public void CallEvery(TimeSpan pace) =>
        world.Time.After(
            pace,
            () =>
            {
                TakeOver();
                CallEvery(pace);
            }
        );

    /// <summary>
    /// A client asks until the run is over: a pause that has waited for a recovery, or came twice, may bring it to rest after any answer.
    /// </summary>
    public void ResumeUntilOver() =>
        Last(
            world.CallCoordinator(null, c => c.Resume()),
            () =>
            {
                if (world.Storage.Record?.Status is not { IsOver: true })
                {
                    Later(500, ResumeUntilOver);
                }
            }
        );

    // A client asks until the run is paused no more.
    private void Resume() =>
        Last(
            world.CallCoordinator(null, c => c.Resume()),
            () =>
            {
                if (world.Storage.Record?.Status?.State == Contracts.Experiments.RunState.Paused)
                {
                    Later(500, Resume);
                }
            }
        );

    private void Crash(SimulatedSilo silo, int restartsAfter, bool isKnown = false)
    {
        if (silo.IsDead)
        {
            return;
        }

        silo.IsDead = true;
        Later(isKnown ? 1 : 1 + world.Draw(DetectsCrash), () => Declare(silo));
        Later(
            1 + restartsAfter,
            () =>
            {
                world.Silos[silo.Number] = world.NewSilo(silo.Number);
                Tell();
            }
        );
    }

    private void Freeze(SimulatedSilo silo, int length)
    {
        silo.IsFrozen = true;
        Later(
            DetectsSilence - world.Draw(2000),
            () =>
            {
                if (silo.IsFrozen && world.Members.Count() > 1)
                {
                    Declare(silo);
                }
            }
        );
        Later(
            length,
            () =>
            {
                silo.IsFrozen = false;
                if (!silo.IsActive)
                {
                    Later(world.Draw(LivesOn), () => Crash(silo, 100, isKnown: true)); // until it reads that it is taken for dead
                }
            }
        );
    }

    private void Declare(SimulatedSilo silo)
    {
        silo.IsActive = false;
        Tell();
    }

    // Every coordinator hears of it, and where there is none, one is called.
    private void Tell()
    {
        foreach (var one in world.Coordinators.Where(one => one.IsAlive))
        {
            _ = one.Turns.Run(() =>
            {
                one.Coordinator.SilosChanged();
                return Task.FromResult(true);
            });
        }

        TakeOver();
    }

    private void TakeOver()
    {
        if (world.Storage.Record?.Status is { IsOver: false })
        {
            Last(world.CallCoordinator(null, c => Task.FromResult(c.Current())), () => { });
        }
    }

    private void Later(int milliseconds, Action action)
    {
        UnderWay++;
        world.Time.After(
            TimeSpan.FromMilliseconds(milliseconds),
            () =>
            {
                UnderWay--;
                action();
            }
        );
    }

    private void Last<T>(Task<T> call, Action then)
    {
        UnderWay++;
        _ = call.ContinueWith(
            _ =>
                world.Time.After(
                    TimeSpan.FromMilliseconds(1),
                    () =>
                    {
                        UnderWay--;
                        then();
                    }
                ),
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default
        );
    }
}
