using ForwardForward.Learning.Layers;

namespace ForwardForward.Learning.Recipes;

/// <summary>Where the parts of one layer meet that work on threads of one process.</summary>
internal sealed class PartMeeting(int parts) : IDisposable
{
    private readonly Barrier _barrier = new(parts);
    private readonly float[][] _values = new float[parts][];
    private volatile bool _isOver;

    public IPartExchange Seat(int part) => new Place(this, part);

    /// <summary>A part does not come any more: the others need not wait for it.</summary>
    public void Leave()
    {
        _isOver = true;
        _barrier.RemoveParticipant();
    }

    public void Dispose() => _barrier.Dispose();

    private sealed class Place(PartMeeting meeting, int part) : IPartExchange
    {
        public void Sum(Span<float> values)
        {
            meeting._values[part] = values.ToArray();
            Wait();
            LayerPart.Sum(meeting._values, values);
            Wait(); // the next values take the place of these
        }

        private void Wait()
        {
            meeting._barrier.SignalAndWait();
            if (meeting._isOver)
            {
                throw new OperationCanceledException("Another part of the layer has failed.");
            }
        }
    }
}
