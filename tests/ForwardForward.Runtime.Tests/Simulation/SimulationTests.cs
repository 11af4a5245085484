using System.Globalization;
using System.Text.RegularExpressions;
using CsCheck;
using ForwardForward.Contracts.Experiments;
using ForwardForward.Learning.Checkpoints;
using ForwardForward.Learning.Exactness;
using ForwardForward.Learning.Recipes;
using ForwardForward.Runtime.Experiments;

namespace ForwardForward.Runtime.Tests.Simulation;

/// <summary>
/// The protocol of a run (inboxes, links, seats, generations, checkpoints, recovery, coming to rest, moving) under ten thousand schedules
/// of drops, duplicates, reorderings, crashes, freezes and second coordinators. The code is the real one; the network it trains is a toy,
/// and time is simulated. CsCheck prints the smallest schedule that fails with a seed; <c>CsCheck_Seed=SEED dotnet test --filter
/// SimulationTests</c> replays it.
/// </summary>
[Collection(Alone)]
// it takes every thread of the pool, which clusters in this process need to answer in time
[CollectionDefinition(Alone, DisableParallelization = true)]
public sealed partial class SimulationTests
{
    private const string Alone = "Takes every core";
    private const int Schedules = 10_000;
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(20); // simulated

    private static readonly Gen<Fault> AnyFault = Gen.Select(
        Gen.Enum<FaultKind>(),
        Gen.Int[0, 400],
        Gen.Int[0, 100],
        Gen.Int[1, 12_000],
        (kind, after, victim, length) => new Fault(kind, after, victim, length)
    );

    private static readonly Gen<Schedule> AnySchedule = Gen.Select(
        Gen.Int[0, int.MaxValue],
        Gen.Int[1, 4],
        Gen.Int[1, 3],
        Gen.Int[1, 9],
        Gen.Bool,
        Gen.Int[0, 100],
        AnyFault.List[0, 6],
        Gen.Int[-400, 400].List[0, 4],
        (seed, silos, layers, everySlots, isElastic, loss, faults, lessons) =>
            new Schedule(seed, silos, layers, everySlots, isElastic, loss < 30 ? 0 : loss, faults) { Lessons = lessons }
    );

    [Fact]
    public void Every_schedule_ends_in_the_undisturbed_state_with_everything_measured_once() =>
        AnySchedule.Sample(
            schedule =>
            {
                var world = Play(schedule);
                Verify(world);
            },
            iter: Schedules,
            print: schedule => schedule.ToString()
        );

    [Fact]
    public void Of_two_coordinators_that_write_at_the_same_time_one_goes_on() =>
        Verify(
            Play(
                new Schedule(
                    Seed: 947121656,
                    Silos: 3,
                    Layers: 1,
                    EverySlots: 2,
                    IsElastic: false,
                    LosesOneIn: 69,
                    [
                        new(FaultKind.Leave, 140, 69, 802),
                        new(FaultKind.Break, 19, 13, 5651),
                        new(FaultKind.Leave, 68, 22, 61),
                        new(FaultKind.SecondCoordinator, 101, 72, 8547),
                        new(FaultKind.Leave, 293, 45, 3453),
                    ]
                )
            )
        );

    [Fact]
    public void A_silo_that_is_lost_and_comes_back_is_told_of_by_its_name_with_what_the_run_did()
    {
        var world = Play(
            new Schedule(
                Seed: 3,
                Silos: 2,
                Layers: 3,
                EverySlots: 4,
                IsElastic: false,
                LosesOneIn: 0,
                [new(FaultKind.Crash, After: 20, Victim: 1, Length: 10)]
            )
        );

        var incidents = world.Storage.Record!.Status!.Incidents;

        var loss = Assert.Single(incidents, incident => incident.Kind == IncidentKind.Loss);
        Assert.Matches(@"^silo-1 lost after slot \d+; going on from (slot \d+|the beginning) on [12] silos?$", loss.Sentence);
        Assert.Equal("silo-1 is back", Assert.Single(incidents, incident => incident.Kind == IncidentKind.Arrival).Sentence);
    }

    [Fact]
    public void A_loss_that_takes_the_coordinator_before_it_wrote_of_its_first_checkpoint_is_told_of_after_the_slot_of_that_checkpoint()
    {
        var world = new SimulatedWorld(seed: 1, silos: 2, layers: 2, everySlots: 3, isElastic: false);
        var faults = new Faults(world);
        var first = world.Activate(0);
        var started = first.Turns.Run(() => first.Coordinator.Start(new RunRequest(world.Spec)));
        Assert.True(world.RunUntil(() => started.IsCompleted && first.Journal.Status!.LastCheckpointSlot is not null, Timeout));
        var written = world.Storage.Record!.Status!;

        faults.Make(new Fault(FaultKind.Crash, 0, Victim: 0, Length: 60_000));
        faults.CallEvery(TimeSpan.FromSeconds(10));
        Assert.True(world.RunUntil(() => world.Storage.Record!.Status!.IsOver, Timeout));

        Assert.Equal((0, null), (written.Slot, written.LastCheckpointSlot));
        var loss = Assert.Single(world.Storage.Record!.Status!.Incidents, incident => incident.Kind == IncidentKind.Loss);
        Assert.Equal($"silo-0 lost after slot {loss.Slot}; going on from slot {loss.Slot} on 1 silo", loss.Sentence);
        Verify(world);
    }

    [Fact]
    public void A_pause_is_told_of_with_where_the_run_went_on()
    {
        var world = Play(
            new Schedule(
                Seed: 1,
                Silos: 1,
                Layers: 2,
                EverySlots: 4,
                IsElastic: false,
                LosesOneIn: 0,
                [new(FaultKind.PauseAndResume, After: 5, Victim: 0, Length: 100)]
            )
        );

        var pause = Assert.Single(world.Storage.Record!.Status!.Incidents);

        Assert.Equal($"paused after slot {pause.Slot}; going on from slot {pause.Slot} on 1 silo", pause.Sentence);
    }

    [Fact]
    public void A_schedule_replays_as_it_was() =>
        AnySchedule.Sample(schedule => Assert.Equal(Play(schedule).Trace, Play(schedule).Trace), iter: 50);

    [Theory]
    [InlineData(20)]
    [InlineData(300)]
    public void A_run_whose_data_no_silo_has_waits_for_a_minute_then_is_paused_with_the_reason_and_loses_nothing(int seconds)
    {
        var world = new SimulatedWorld(seed: 1, silos: 2, layers: 2, everySlots: 3, isElastic: false);
        var faults = new Faults(world);
        var first = world.Activate(0);
        var started = first.Turns.Run(() => first.Coordinator.Start(new RunRequest(world.Spec)));
        Assert.True(world.RunUntil(() => started.IsCompleted && world.Disk.NewestSlot > 0, Timeout));

        world.HasOtherData = true;
        faults.CallEvery(TimeSpan.FromSeconds(10));
        faults.Make(new Fault(FaultKind.Crash, 0, 1, 100));
        var back = world.Time.Now + TimeSpan.FromSeconds(seconds);
        world.RunUntil(() => world.Time.Now > back, Timeout);
        var waiting = world.Storage.Record!.Status!;
        world.HasOtherData = false;
        faults.ResumeUntilOver();
        Assert.True(world.RunUntil(() => world.Storage.Record!.Status!.IsOver, world.Time.Now + Timeout));

        Assert.Equal(seconds < 60 ? RunState.Recovering : RunState.Paused, waiting.State);
        Assert.Equal(
            seconds < 60
                ? null
                : "The run 'run' is paused at its last checkpoint: The silo silo-0 cannot use the data: it holds other data.",
            waiting.Error
        );
        Assert.Null(world.Storage.Record!.Status!.Error);
        Verify(world);
    }

    private static SimulatedWorld Play(Schedule schedule)
    {
        var world = new SimulatedWorld(schedule.Seed, schedule.Silos, schedule.Layers, schedule.EverySlots, schedule.IsElastic);
        var faults = new Faults(world);
        var first = world.Activate(0);
        var started = first.Turns.Run(() => first.Coordinator.Start(new RunRequest(world.Spec)));
        Assert.True(
            world.RunUntil(() => started.IsCompleted, Timeout),
            $"The run does not start: {first.Journal.Status}, {started.Status}, {world.Time.Now}."
        );
        Assert.Equal(RunState.Running, started.Result.State);

        world.LosesOneIn = schedule.LosesOneIn;
        faults.CallEvery(TimeSpan.FromSeconds(10));
        var (teacher, taught) = (new Teacher(world), 0);
        foreach (var pause in schedule.Lessons)
        {
            taught += Math.Abs(pause);
            world.Time.After(TimeSpan.FromMilliseconds(taught), () => teacher.Teach(takesBack: pause < 0));
        }

        var after = 0;
        foreach (var fault in schedule.Faults)
        {
            after += fault.After;
            world.Time.After(TimeSpan.FromMilliseconds(after), () => faults.Make(fault));
        }

        var calm = world.Time.Now + TimeSpan.FromMilliseconds(after + 1);
        world.RunUntil(() => world.Time.Now > calm && faults.UnderWay == 0, Timeout);
        world.LosesOneIn = 0;
        faults.ResumeUntilOver();
        if (!world.RunUntil(() => world.Storage.Record!.Status!.IsOver, world.Time.Now + Timeout))
        {
            var coordinators = world.Coordinators.Select(one => $"on {one.Silo.Number}, alive {one.IsAlive}, {Short(one.Journal.Status)}");
            Assert.Fail(
                $"The run stands still at {world.Time.Now}: {Short(world.Storage.Record!.Status)}; coordinators: "
                    + $"{string.Join("; ", coordinators)}; stages: {world}."
            );
        }

        Verify(world, teacher);
        return world;
    }

    // Whatever was acknowledged is in the run's journal, once, as it was acknowledged.
    private static void Verify(SimulatedWorld world, Teacher teacher)
    {
        var kept = world.Storage.Record!.Lessons.ToDictionary(lesson => lesson.Id);
        foreach (var (id, receipt) in teacher.Acknowledged)
        {
            Assert.True(kept.TryGetValue(id, out var lesson), $"{id} was acknowledged and is lost.");
            Assert.Equal((receipt.Lesson.Batch, receipt.Lesson.TakenBack ?? lesson.TakenBack), (lesson.Batch, lesson.TakenBack));
        }
    }

    private static string Short(RunStatus? status) =>
        status is null
            ? "not begun"
            : $"{status.State}, generation {status.Generation}, slot {status.Slot}, checkpoint {status.LastCheckpointSlot}";

    private static void Verify(SimulatedWorld world)
    {
        var undisturbed = ToyRun.Of(world, world.Storage.Record!.Lessons);
        var status = world.Storage.Record!.Status!;
        Assert.True(status.State == RunState.Done, status.Error);
        Assert.Equal(StateHash.OfRun(undisturbed.Digests), status.StateHash);
        Assert.True(
            status.Incidents.Count(incident => incident.Kind is IncidentKind.Loss or IncidentKind.Failure) is var told
                && (told >= status.Recoveries || status.Incidents.Count == Incidents.MaxCount),
            $"{told} of {status.Recoveries} losses are told of."
        );
        Assert.DoesNotContain(
            status.Incidents,
            incident => incident.Until is null || incident.What.Contains("lost lost", StringComparison.Ordinal)
        );
        Assert.DoesNotContain(status.Incidents, incident => GoesOnFrom(incident) > incident.Slot);
        var events = world.Storage.Record.Events.Where(measured => measured.Trace is null).ToList();
        Assert.Equal(
            undisturbed.Measured.OrderBy(one => one.Key).Select(one => (one.Key, one.Value)),
            events
                .Select(measured =>
                    (
                        Key: (measured.Subject, measured.Slot),
                        Value: measured.Layer?.GoodnessPositive ?? measured.Evaluation!.ErrorFast!.Value
                    )
                )
                .OrderBy(one => one.Key)
        );
        Assert.All(
            world.Disk.Unfinished,
            id => Assert.True(id.Generation < status.Generation, $"{id} was never complete and is still there.")
        ); // but what was written by one that did not know that it was lost
        foreach (var (manifest, name, part) in world.Disk.Committed)
        {
            if (IsOfTheCourse(world, manifest))
            {
                Assert.Equal(StateAfter(world, manifest.Slot, name), part.State);
            }
            else
            {
                Assert.True(manifest.Generation < status.Generation, "The last coordinator has committed what has not seen its lessons.");
            }
        }
    }

    // A coordinator that was replaced, and does not know it, may commit what has not seen what was taught to its successor.
    private static bool IsOfTheCourse(SimulatedWorld world, CheckpointManifest manifest)
    {
        var course = new RunLessons();
        course.TakeUp(world.Storage.Record!.Lessons);
        return course.Unseen(manifest, manifest.Lessons is null ? [] : LessonJournal.Read(manifest.Lessons), world.Plan) is null;
    }

    private static long GoesOnFrom(Incident incident) =>
        FromSlot().Match(incident.Then ?? "") is { Success: true } from
            ? long.Parse(from.Groups[1].Value, CultureInfo.InvariantCulture)
            : -1;

    [GeneratedRegex(@"^going on from slot (\d+) on")]
    private static partial Regex FromSlot();

    private static ulong StateAfter(SimulatedWorld world, long slot, string name)
    {
        var (source, readout) = (ToyRun.Source(world, world.Storage.Record!.Lessons), new ToyReadout(world.Plan, 0, []));
        var layers = Enumerable.Range(0, world.Layers).Select(i => new ToyLayer(i, world.Plan, (ulong)i)).ToList();
        for (long index = 0; index <= slot; index++)
        {
            var below = source.Make(index);
            var lanes = new List<Slot>();
            foreach (var layer in layers)
            {
                var above = layer.Forward(below);
                lanes.Add(above);
                layer.Learn(below);
                below = above;
            }

            if (readout.Process(lanes).Answer is { } answer)
            {
                source.Offer(world.Plan[index].NeutralBatch, answer);
            }
        }

        return name == "readout.safetensors" ? readout.State : layers[int.Parse(name.Split('-', '.')[1]) - 1].State;
    }

    private sealed record Schedule(int Seed, int Silos, int Layers, int EverySlots, bool IsElastic, int LosesOneIn, List<Fault> Faults)
    {
        /// <summary>Milliseconds from each lesson to the one before; less than 0: it is taken back as soon as it is acknowledged.</summary>
        public List<int> Lessons { get; init; } = [];

        public override string ToString() =>
            $"seed {Seed}, {Silos} silos, {Layers} layers, a checkpoint every {EverySlots} slots, "
            + $"{(IsElastic ? "moves" : "stays")}, loses 1 in {LosesOneIn}, "
            + $"lessons {string.Join(' ', Lessons)}, {string.Join("; ", Faults)}";
    }
}
