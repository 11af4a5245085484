using System.Runtime.ExceptionServices;
using ForwardForward.Learning.Layers;

namespace ForwardForward.Learning.Recipes;

/// <summary>Where the parts of one layer meet that work on threads of one process.</summary>
internal sealed class InProcessAllReduce(int parts) : IDisposable
{
    private readonly Barrier _barrier = new(parts);
    private readonly float[][] _values = new float[parts][];
    private volatile ExceptionDispatchInfo? _failure;

    public IAllReduce Seat(int part) => new Place(this, part);

    /// <summary>A part has failed and does not come any more: the others do not wait for it, and fail as it did.</summary>
    public void Leave(Exception failure)
    {
        _failure ??= ExceptionDispatchInfo.Capture(failure);
        _barrier.RemoveParticipant();
    }

    public void Dispose() => _barrier.Dispose();

    private sealed class Place(InProcessAllReduce meeting, int part) : IAllReduce
    {
        public void Sum(Span<float> values)
        {
            meeting._values[part] = values.ToArray();
            Wait();
            LayerShard.Sum(meeting._values, values);
            Wait(); // the next values take the place of these
        }

        private void Wait()
        {
            meeting._barrier.SignalAndWait();
            meeting._failure?.Throw();
        }
    }
}
