using System.Runtime.InteropServices;
using ForwardForward.Learning.Data;
using ForwardForward.Learning.Exactness;
using ForwardForward.Learning.Lessons;
using ForwardForward.Learning.Recipes;
using ForwardForward.Learning.Recipes.Messages;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Streams;
using ForwardForward.Learning.Tensors;

namespace ForwardForward.Learning;

/// <summary>How a run ended.</summary>
/// <param name="Evaluation">The last one.</param>
/// <param name="Stages">SHA-256 of every layer's state from the bottom up, then the readout's.</param>
internal sealed record TrainingResult(Evaluation Evaluation, IReadOnlyList<byte[]> Stages)
{
    public string Hash => StateHash.OfRun(Stages);
}

/// <summary>What a pass over a slot came to.</summary>
/// <param name="stage">0: the source; then the layers from the bottom up, and the readout.</param>
/// <param name="pass">rows, goodness or state.</param>
internal delegate void PassDone(long slot, int stage, string pass, ReadOnlySpan<byte> bytes);

/// <summary>
/// The control experiment: the same slots through the same layers, one after the other, no actors, no messages. Every other way to run an
/// experiment must end in the same bytes.
/// </summary>
internal sealed class SequentialTrainer : IDisposable
{
    private readonly ExperimentSpec _spec;
    private readonly WorkerPool _threads;
    private readonly SlotSource _source;
    private readonly InProcessLayer[] _layers;
    private readonly ReadoutSlotHandler _readout;
    private readonly Dictionary<(int Layer, long Slot), StateFromAbove> _fromAbove = []; // top-down runs: for an iteration to come
    private readonly List<Evaluation> _tests = [];
    private bool _hasEnded; // before its plan
    private Slot? _made; // the next one, where it could be made already

    /// <param name="spec">Its precision must be resolved.</param>
    /// <param name="data">Training and test images.</param>
    /// <param name="threads">Threads that share each step; their number changes no bit. Disposed with this.</param>
    /// <param name="lessons">What is taught beside the data; null: nothing is.</param>
    /// <param name="stream">What a run with a stream learns from.</param>
    /// <exception cref="InvalidInputException">The spec's file of weights cannot be used.</exception>
    public SequentialTrainer(
        ExperimentSpec spec,
        DataSet data,
        WorkerPool threads,
        LessonSchedule? lessons = null,
        IExamples? stream = null
    )
    {
        (_spec, _threads, _source) = (spec, threads, new SlotSource(spec, data, lessons, stream));
        _layers = InProcessLayer.All(data.Train.PixelsPerImage, _source.Plan, threads);
        _readout = new ReadoutSlotHandler(spec, _source.Plan, data.Train.PixelsPerImage);
        foreach (var stage in Stages)
        {
            stage.Begin();
        }

        _readout.Begin();
    }

    private IEnumerable<LayerSlotHandler> Stages => _layers.SelectMany(layer => layer.Stages);

    public SlotPlan Plan => _source.Plan;

    /// <summary>Of a stream that has ended; null: there is none.</summary>
    public long? Examples => _source.Streamed;

    /// <summary>Called after every slot with its index.</summary>
    public event Action<long>? SlotDone;

    public event Action<LayerMeasurement>? LayerMeasured;

    public event Action<Evaluation>? Evaluated;

    /// <summary>Of a stream.</summary>
    public event Action<PrequentialMeasurement>? Streamed;

    /// <summary>Called with what every stage makes of a slot, in order: for who compares two machines.</summary>
    internal event PassDone? Passed;

    /// <summary>The slot that is handled next.</summary>
    public long NextSlot { get; private set; }

    /// <summary>Runs the slots that are left.</summary>
    /// <exception cref="OperationCanceledException">Asked for between two slots; another call goes on there.</exception>
    public TrainingResult Run(CancellationToken cancellation = default)
    {
        while (NextSlot < Plan.SlotCount && !_hasEnded)
        {
            RunEpoch(cancellation);
        }

        return new TrainingResult(_tests[^1], Digests());
    }

    /// <summary>Runs the slots that are left of the epoch under way, with the tests that follow it.</summary>
    /// <exception cref="OperationCanceledException">Asked for between two slots; another call goes on there.</exception>
    internal void RunEpoch(CancellationToken cancellation)
    {
        _hasEnded = EarlyStopping.Begins(_spec, Plan[NextSlot].Epoch, _tests) == false;
        for (var epoch = Plan[NextSlot].Epoch; !_hasEnded && NextSlot < Plan.SlotCount && Plan[NextSlot].Epoch == epoch; NextSlot++)
        {
            cancellation.ThrowIfCancellationRequested();
            while (_made is null && !_source.Await(NextSlot))
            {
                cancellation.ThrowIfCancellationRequested();
            }

            if (Process(NextSlot) is { } test)
            {
                _tests.Add(test);
            }

            SlotDone?.Invoke(NextSlot);
        }
    }

    /// <summary>SHA-256 of every layer's state from the bottom up, then of the readout's, as they are now.</summary>
    internal IReadOnlyList<byte[]> Digests() => [.. Stages.Select(stage => stage.Digest()), _readout.Digest()];

    /// <summary>A copy of the state as it is now, to answer with and not to go on from: a batch may be half done.</summary>
    internal IReadOnlyList<IReadOnlyList<StateTensor>> State() =>
        [.. Stages.Select(stage => stage.Snapshot()), _readout.Snapshot(Math.Max(0, NextSlot - 1))];

    /// <summary>
    /// A copy of the run's state after a slot that was just handled: of every layer from the bottom up, then of the readout.
    /// </summary>
    /// <exception cref="InvalidOperationException">
    /// It was no training slot, or one that iterations follow: an evaluation or a batch may be half done.
    /// </exception>
    public IReadOnlyList<IReadOnlyList<StateTensor>> SnapshotAfter(long slot) =>
        slot >= 0 && Plan[slot] is { Kind: SlotKind.Train, EndsGroup: true }
            ? [.. Stages.Select(stage => stage.Snapshot()), _readout.Snapshot(slot)]
            : throw new InvalidOperationException(
                $"There is no snapshot after slot {slot}: it is no training slot, or its batch is half done."
            );

    /// <summary>Takes up where a snapshot was taken, to end in the bytes of the run that was not interrupted.</summary>
    /// <param name="nextSlot">The slot that was next.</param>
    /// <param name="snapshot">Of a run with the same spec and data.</param>
    /// <param name="tests">Of that run so far, where one may end it early.</param>
    /// <exception cref="InvalidInputException">It is the snapshot of another network.</exception>
    public void Restore(long nextSlot, IReadOnlyList<IReadOnlyList<StateTensor>> snapshot, IEnumerable<Evaluation>? tests = null)
    {
        _tests.Clear();
        _tests.AddRange(tests ?? []);
        foreach (var (stage, state) in Stages.Zip(snapshot))
        {
            stage.Restore(state);
        }

        _readout.Restore(snapshot[^1]);
        foreach (var (batch, probabilities) in ReadoutSlotHandler.Pending(snapshot[^1]))
        {
            _source.Offer(batch, probabilities);
        }

        _made?.Release();
        (_made, NextSlot) = (null, nextSlot);
    }

    public void Dispose()
    {
        Array.ForEach(_layers, l => l.Dispose());
        _readout.Dispose();
        _made?.Release();
        _threads.Dispose();
    }

    private Evaluation? Process(long index)
    {
        var slot = _made ?? _source.Make(index);
        _made = null; // its rows are let go here, also where a layer fails
        Passed?.Invoke(index, 0, "rows", slot.Rows is { } made ? made.Bytes : []);
        var features = new List<Slot>();
        for (var i = 0; i < _layers.Length; i++)
        {
            var above = _fromAbove.Remove((i, index), out var sent) ? sent.Rows : null;
            var passed = _layers[i].Forward(slot, above);
            if (passed.ToReadout is { } read)
            {
                features.Add(read);
            }

            if (passed.Down is { } down)
            {
                _fromAbove.Add((i - 1, down.ForSlot), down);
            }

            Passed?.Invoke(index, i + 1, "rows", passed.Up.Rows is { } up ? up.Bytes : []);
            Passed?.Invoke(index, i + 1, "goodness", MemoryMarshal.AsBytes(_layers[i].Stages[0].Layer.LastGoodness));
            if (_layers[i].Learn(slot) is { } measured)
            {
                LayerMeasured?.Invoke(measured);
            }

            Passed?.Invoke(index, i + 1, "state", Passed is null ? [] : _layers[i].Stages[0].Digest());

            above?.Dispose();
            slot.Rows?.Dispose();
            slot = passed.Up;
        }

        slot.Rows?.Dispose();
        var result = ReadWhileNextIsMade(features, index + 1);
        Passed?.Invoke(index, _layers.Length + 1, "state", Passed is null ? [] : _readout.Digest());
        if (result.Probabilities.Length > 0)
        {
            _source.Offer(Plan[index].NeutralBatch, result.Probabilities);
        }

        if (result.Prequential is { } prequential)
        {
            Streamed?.Invoke(prequential);
        }

        if (result.Evaluation is { } evaluation)
        {
            Evaluated?.Invoke(evaluation);
        }

        return result.Evaluation;
    }

    private ReadoutResult ReadWhileNextIsMade(IReadOnlyList<Slot> features, long next)
    {
        ReadoutResult? result = null;
        _threads.For(
            2,
            task =>
            {
                if (task == 0)
                {
                    result = _readout.Process(features);
                }
                else if (!_spec.Stream && next < Plan.SlotCount && _source.CanMake(next))
                {
                    _made = _source.Make(next);
                }
            }
        );
        return result!;
    }
}
