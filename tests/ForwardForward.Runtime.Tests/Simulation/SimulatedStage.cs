using ForwardForward.Contracts.Slots;
using ForwardForward.Contracts.Stages;
using ForwardForward.Learning.Checkpoints;
using ForwardForward.Learning.Recipes;
using ForwardForward.Runtime.Pipeline;
using ForwardForward.Runtime.Placement;
using ForwardForward.Runtime.Sources;

namespace ForwardForward.Runtime.Tests.Simulation;

/// <summary>A stage's grain: a real seat, with a toy at work in it.</summary>
internal sealed class SimulatedStage(SimulatedWorld world, SimulatedSilo silo, string key)
{
    public Turns Turns { get; } = world.NewTurns(silo);

    public GenerationFence Seat { get; } = new();

    public PauseGate Gate { get; } = new();

    public SourceLessons? Lessons { get; private set; }

    public SimulatedWorker? Worker { get; private set; }

    public async Task<bool> Open(StageAssignment assignment)
    {
        await Seat.Open(
            assignment.Generation,
            () =>
            {
                Gate.Open();
                Lessons = SourceLessons.Of(assignment, world.Plan.Batches, Lessons);
                return Worker = new SimulatedWorker(world, silo, key, assignment, Gate, Lessons);
            }
        );
        return true;
    }
}

/// <summary>
/// What a stage's thread does, in turns: the toy's part of LayerWorkLoop, ReadoutWorkLoop and SourceWorkLoop, with real inboxes and links.
/// </summary>
internal sealed class SimulatedWorker : IStageWorker, IDisposable
{
    public const string Source = "source";
    public const string Readout = "readout";
    private readonly CancellationTokenSource _stopping = new();
    private readonly SimulatedWorld _world;
    private readonly SimulatedSilo _silo;
    private readonly string _key;
    private readonly StageAssignment _assignment;
    private readonly PauseGate _gate;
    private readonly SourceLessons _lessons;
    private readonly Turns _turns;
    private TaskCompletionSource _filled = new();
    private Task _writing = Task.CompletedTask;
    private string _did = "nothing";

    public SimulatedWorker(
        SimulatedWorld world,
        SimulatedSilo silo,
        string key,
        StageAssignment assignment,
        PauseGate gate,
        SourceLessons lessons
    )
    {
        _lessons = lessons;
        _world = world;
        _silo = silo;
        _key = key;
        _assignment = assignment;
        _gate = gate;
        _turns = world.NewTurns(silo);
        Inbox = key switch
        {
            Source => new Inbox(1, world.Plan.Lag + 1, world.Time, SourceWorkLoop.FirstBatch(world.Plan, assignment.From)),
            Readout => new Inbox(world.Layers, world.InboxSlots, world.Time, assignment.FirstSlot),
            _ => new Inbox(1, world.InboxSlots, world.Time, assignment.FirstSlot),
        };
        Inbox.Filled += Wake;
        Ready = _turns.Run(async () =>
        {
            await world.Pass(5);
            return true;
        });
        _ = _turns.Run(async () =>
        {
            await Work();
            return true;
        });
    }

    public static string Layer(int index) => $"layer-{index + 1}";

    public Inbox Inbox { get; }

    public Task Ready { get; }

    /// <summary>Throws at its next slot.</summary>
    public bool IsBroken { get; set; }

    public Task Stop()
    {
        _stopping.Cancel();
        Inbox.Close();
        Wake();
        return Task.CompletedTask;
    }

    public void Dispose() => _stopping.Dispose();

    public override string ToString() =>
        $"generation {Generation}, depth {Inbox.Depth}, {(_stopping.IsCancellationRequested ? "stopped" : "at work")}, did {_did}";

    private string FileName => $"{_key}.safetensors";

    private int Generation => _assignment.Generation;

    private void Wake()
    {
        var filled = _filled;
        _filled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        filled.TrySetResult();
    }

    private async Task Work()
    {
        try
        {
            await Ready;
            await (
                _key switch
                {
                    Source => MakeSlots(),
                    Readout => Read(),
                    _ => Learn(int.Parse(_key.Split('-')[1]) - 1),
                }
            );
        }
        catch (Exception e)
        {
            _did = e.Message;
            Fail(e);
        }
    }

    private async Task MakeSlots()
    {
        var source = new ToySource(_world.Plan, _lessons.Schedule);
        if (_assignment.From is { } from)
        {
            foreach (var (batch, answer) in _world.Disk.Read(from.Id, "readout.safetensors").Pending)
            {
                source.Offer(batch, answer);
            }
        }

        var first = Link(Layer(0), 0);
        for (var index = _assignment.FirstSlot; index < _world.Plan.SlotCount; index++)
        {
            while (!source.CanMake(index))
            {
                var answer = (await Take())[0];
                source.Offer(answer.Index, answer.Content());
            }

            _lessons.Begin(_world.Plan[index].NeutralBatch);
            var slot = source.Make(index);
            var halts = _gate.IsClosed && slot.Kind == SlotKind.Train;
            if (halts)
            {
                await _world.Report(_silo, c => c.Halts(Generation, index));
            }

            _did = $"made {index}";
            await first.SendAsync(slot with { IsCheckpoint = halts || _world.Plan.IsCheckpoint(index) }, _stopping.Token);
            while (halts && _gate.IsClosed)
            {
                await _world.Pass(5);
                _stopping.Token.ThrowIfCancellationRequested();
            }
        }
    }

    private async Task Learn(int index)
    {
        var layer = new ToyLayer(index, _world.Plan, Restored()?.State ?? (ulong)index);
        var up = index + 1 < _world.Layers ? Link(Layer(index + 1), 0) : null;
        var readout = Link(Readout, index);
        Slot slot;
        do
        {
            slot = (await Take())[0];
            var above = layer.Forward(slot);
            if (up is not null)
            {
                await up.SendAsync(above, _stopping.Token);
            }

            await readout.SendAsync(above, _stopping.Token);
            if (layer.Learn(slot) is { } measured)
            {
                await _world.Report(_silo, c => c.Measured(Generation, measured, 0));
            }

            if (slot.IsCheckpoint)
            {
                await Save(slot.Index, new StagePart(layer.State, []));
            }
        } while (slot.Kind != SlotKind.End);
        await _writing;
        await _world.Report(_silo, c => c.Ended(Generation, index, BitConverter.GetBytes(layer.State)));
    }

    private async Task Read()
    {
        var restored = Restored();
        var readout = new ToyReadout(_world.Plan, restored?.State ?? 0, restored?.Pending ?? []);
        var source = Link(Source, 0);
        Slot slot;
        do
        {
            var slots = await Take();
            slot = slots[0];
            var (answer, evaluation) = readout.Process(slots);
            if (answer is { } known)
            {
                await source.SendAsync(
                    new Slot
                    {
                        Index = _world.Plan[slot.Index].NeutralBatch,
                        Kind = SlotKind.Train,
                        Epoch = slot.Epoch,
                    }.With(known),
                    _stopping.Token
                );
            }

            if (slot.IsCheckpoint)
            {
                await Save(slot.Index, new StagePart(readout.State, readout.Pending(slot.Index)));
            }

            if (evaluation is not null)
            {
                await _world.Report(_silo, c => c.Evaluated(Generation, evaluation));
            }

            await _world.Report(_silo, c => c.Progressed(Generation, slot.Index));
        } while (slot.Kind != SlotKind.End);
        await _writing;
        await _world.Report(_silo, c => c.Ended(Generation, _world.Layers, BitConverter.GetBytes(readout.State)));
    }

    private StagePart? Restored() => _assignment.From is { } from ? _world.Disk.Read(from.Id, FileName) : null;

    private async Task<Slot[]> Take()
    {
        while (true)
        {
            var filled = _filled.Task;
            _stopping.Token.ThrowIfCancellationRequested();
            if (Inbox.TryTake() is { } slots)
            {
                _did = $"took {slots[0].Index}";
                return IsBroken ? throw new InvalidOperationException("The worker broke.") : slots;
            }

            await filled;
        }
    }

    private async Task Save(long slot, StagePart part)
    {
        await _writing;
        _writing = Write(new CheckpointId(slot, Generation), part);
    }

    private async Task Write(CheckpointId id, StagePart part)
    {
        await _world.Pass(30);
        try
        {
            var file = _world.Disk.Write(id, FileName, part);
            await _world.Report(_silo, c => c.Saved(Generation, id.Slot, file));
        }
        catch (CheckpointException e)
        {
            await _world.Report(_silo, c => c.NotSaved(Generation, id.Slot, e.Message));
        }
        catch (Exception)
        {
            // As in CheckpointWriter: the coordinator is gone.
        }
    }

    private void Fail(Exception e)
    {
        if (!_stopping.IsCancellationRequested)
        {
            var isLoss = e is OrleansException or TimeoutException or StageLostException;
            _ = _turns.Run(async () =>
            {
                await _world.Report(_silo, c => c.Failed(Generation, _key, e.Message, isLoss)).ContinueWith(_ => { }, _turns);
                return true;
            });
        }
    }

    private Link Link(string key, int lane) =>
        new(new Receiver(_world, _silo, key), Generation, lane, _world.Time, Fail, _stopping.Token, _turns);

    private sealed class Receiver(SimulatedWorld world, SimulatedSilo from, string key) : ISlotReceiver
    {
        public ValueTask<PushAnswer> Push(SlotMessage message) =>
            new(world.CallStage(from, key, stage => Task.FromResult(stage.Seat.Offer(message))));

        public ValueTask<PushAnswer> WaitForRoom(int generation, int lane, long slot) =>
            new(world.CallStage(from, key, stage => stage.Seat.WaitForRoom(generation, lane, slot).AsTask()));
    }
}
