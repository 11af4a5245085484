using ForwardForward.Contracts.Stages;
using ForwardForward.Learning.Recipes;
using ForwardForward.Learning.Specs;
using ForwardForward.Runtime.Placement;

namespace ForwardForward.Runtime.Tests.Simulation;

/// <summary>
/// A cluster in one thread. Whose turn is next, how long a message takes, whether it is lost or comes twice: everything is drawn from one
/// seed, so a seed is a schedule and replays as it was.
/// </summary>
internal sealed class SimulatedWorld
{
    public const string Run = "run";
    public const int BatchSize = 10;
    private const int DoublesOneIn = 20;
    private readonly List<Turns> _ready = [];
    private readonly Random _random;
    private readonly Dictionary<string, SimulatedStage> _stages = [];
    private int _incarnations;

    public SimulatedWorld(int seed, int silos, int layers, int everySlots, bool isElastic)
    {
        SynchronizationContext.SetSynchronizationContext(null); // a test runner's would take the turns out of our hands
        _random = new Random(seed);
        Layers = layers;
        Spec = Presets.Get("supervised-quick") with
        {
            Layers = [.. Enumerable.Repeat(4, layers)],
            BatchSize = BatchSize,
            Epochs = 3,
            Precision = Precision.Fp32,
            Negatives = new NegativesSpec { Kind = NegativesKind.Hard, Lag = 2 },
            Evaluation = new EvaluationSpec { FastEvery = 1, GoodnessEvery = 0 },
            Checkpoint = new CheckpointSpec { EverySlots = everySlots, Rebalance = isElastic },
            Teach = new TeachSpec { Repeat = 4, Share = 0.2 },
        };
        Plan = new SlotPlan(Spec, Data.TrainImages, Data.TestImages, Data.Classes);
        Silos = [.. Enumerable.Range(0, silos).Select(NewSilo)];
    }

    /// <summary>Eight batches an epoch.</summary>
    public static DataShape Data { get; } = new(80, 30, 16, 4);

    public ExperimentSpec Spec { get; }

    public SlotPlan Plan { get; }

    public int Layers { get; }

    public int InboxSlots { get; } = 2;

    public SimulatedTime Time { get; } = new();

    public SimulatedDisk Disk { get; } = new();

    public SimulatedStorage Storage { get; } = new();

    /// <summary>Whatever has this number.</summary>
    public SimulatedSilo[] Silos { get; }

    public IEnumerable<SimulatedSilo> Members => Silos.Where(silo => silo is { IsActive: true, IsDead: false });

    public List<SimulatedCoordinator> Coordinators { get; } = [];

    /// <summary>Whether no silo has the data that the run began with.</summary>
    public bool HasOtherData { get; set; }

    /// <summary>One call in so many is lost, on its way or on its way back; 0: none.</summary>
    public int LosesOneIn { get; set; }

    public IReadOnlyList<string> Keys =>
        [SimulatedWorker.Source, .. Enumerable.Range(0, Layers).Select(SimulatedWorker.Layer), SimulatedWorker.Readout];

    /// <summary>Everything that was drawn and done so far, in short.</summary>
    public ulong Trace { get; private set; }

    public SimulatedSilo NewSilo(int number) => new(number, ++_incarnations);

    public Turns NewTurns(SimulatedSilo silo) => new(silo, _ready);

    public int Draw(int below)
    {
        var drawn = _random.Next(below);
        Trace = Toy.Mix(Trace, (ulong)drawn);
        return drawn;
    }

    public bool IsLost() => LosesOneIn > 0 && Draw(LosesOneIn) == 0;

    /// <summary>Lets up to so many milliseconds pass.</summary>
    public Task Pass(int milliseconds) => Task.Delay(TimeSpan.FromMicroseconds(1 + Draw(milliseconds * 1000)), Time);

    /// <returns>Whether it came to that before the limit, and before everything stood still.</returns>
    public bool RunUntil(Func<bool> isSo, TimeSpan limit)
    {
        while (!isSo())
        {
            var runnable = _ready.FindIndex(Draw(Math.Max(1, _ready.Count)) % Math.Max(1, _ready.Count), turns => turns.CanRun);
            runnable = runnable >= 0 || _ready.Count == 0 ? runnable : _ready.FindIndex(turns => turns.CanRun);
            if (runnable >= 0)
            {
                _ready[runnable].RunOne();
            }
            else if (!Time.GoToNext(limit))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>A report of a stage to whoever coordinates the run; brings a coordinator up where there is none.</summary>
    public Task Report(SimulatedSilo from, Action<Runtime.Experiments.RunCoordinator> report) =>
        CallCoordinator(
            from,
            c =>
            {
                report(c);
                return Task.FromResult(true);
            }
        );

    public Task<T> CallCoordinator<T>(SimulatedSilo? from, Func<Runtime.Experiments.RunCoordinator, Task<T>> call) =>
        Call(from, Coordinator, there => there.Turns, there => call(there.Coordinator), TimeSpan.FromSeconds(30));

    public Task<T> CallStage<T>(SimulatedSilo from, string key, Func<SimulatedStage, Task<T>> call) =>
        Call(
            from,
            () => _stages.GetValueOrDefault(key) ?? throw new StageLostException($"{key} is not open on any silo."),
            there => there.Turns,
            call,
            TimeSpan.FromSeconds(5)
        );

    /// <summary>
    /// Opens a stage where it is planned; whatever had its name elsewhere is found by nobody any more, but may still be at work.
    /// </summary>
    public Task<bool> OpenStage(SimulatedSilo from, SimulatedSilo place, string key, StageAssignment assignment) =>
        Call(from, () => Place(place, key), there => there.Turns, there => there.Open(assignment), TimeSpan.FromSeconds(10));

    /// <summary>Any coordinator that lives; a new one on one of the members where none does.</summary>
    public SimulatedCoordinator Coordinator()
    {
        Coordinators.RemoveAll(one => !one.IsAlive);
        return Coordinators.Count > 0 ? Coordinators[Draw(Coordinators.Count)] : Activate(Draw(int.MaxValue));
    }

    /// <exception cref="SiloUnavailableException">No silo can take it, or the storage does not answer.</exception>
    public SimulatedCoordinator Activate(int drawn)
    {
        var members = Members.ToList();
        if (members.Count == 0 || Storage.IsDown)
        {
            throw new SiloUnavailableException("The coordinator cannot come up.");
        }

        var one = new SimulatedCoordinator(this, members[drawn % members.Count]);
        Coordinators.Add(one);
        return one;
    }

    public override string ToString() =>
        string.Join(", ", _stages.Select(stage => $"{stage.Key}: {stage.Value.Worker?.ToString() ?? "closed"}"));

    public void BreakWorker(int drawn)
    {
        if (_stages.GetValueOrDefault(Keys[drawn % Keys.Count])?.Worker is { } worker)
        {
            worker.IsBroken = true;
        }
    }

    private SimulatedStage Place(SimulatedSilo place, string key)
    {
        if (!_stages.TryGetValue(key, out var stage) || stage.Turns.Silo != place)
        {
            _stages[key] = stage = new SimulatedStage(this, place, key);
        }

        return stage;
    }

    // Whoever is found may be another one for a message that comes twice.
    private Task<T> Call<TActor, T>(
        SimulatedSilo? from,
        Func<TActor> find,
        Func<TActor, Turns> turnsOf,
        Func<TActor, Task<T>> call,
        TimeSpan timeout
    )
    {
        // who awaits it goes on in a turn of its own; a thread of the pool would know no schedule
        var answer = new TaskCompletionSource<T>();
        Time.After(timeout, () => answer.TrySetException(new TimeoutException("No answer came.")));
        if (!IsLost())
        {
            Time.After(Delay(), Arrive);
        }

        if (LosesOneIn > 0 && Draw(DoublesOneIn) == 0)
        {
            Time.After(Delay(), Arrive);
        }

        return answer.Task;

        void Arrive()
        {
            TActor there;
            try
            {
                there = find();
            }
            catch (Exception e)
            {
                answer.TrySetException(e);
                return;
            }

            var turns = turnsOf(there);
            if (turns.Silo.IsDead)
            {
                Time.After(Delay(), () => answer.TrySetException(new SiloUnavailableException("The silo is gone.")));
                return;
            }

            _ = turns.Run(async () =>
            {
                T result;
                try
                {
                    result = await call(there);
                }
                catch (Exception e)
                {
                    Time.After(Delay(), () => answer.TrySetException(e));
                    throw;
                }

                if (!IsLost())
                {
                    Time.After(Delay(), () => answer.TrySetResult(result));
                }

                return result;
            });
        }

        TimeSpan Delay() =>
            TimeSpan.FromMicroseconds(
                1
                    + Draw(
                        from is null ? 2000
                        : LosesOneIn > 0 && Draw(50) == 0 ? 200_000
                        : 500
                    )
            );
    }
}
