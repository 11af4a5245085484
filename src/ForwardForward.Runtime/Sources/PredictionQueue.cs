using ForwardForward.Contracts.Experiments;
using ForwardForward.Learning.Data;
using ForwardForward.Learning.Recipes;
using ForwardForward.Runtime.Placement;

namespace ForwardForward.Runtime.Sources;

/// <summary>
/// Images that wait for a slot to ride with, and those that are on their way. A grain's turns ask, the source's thread takes up. A ride
/// costs every layer a product that reads all of its weights, for one image as for many, so who asks soon after a ride waits for others,
/// for a few slots or, where those are slow, a tenth of a second.
/// </summary>
/// <param name="pixels">Of an image.</param>
/// <param name="classes">Labels that an image can be tried with.</param>
/// <param name="time">Clock of the askers' patience.</param>
/// <param name="answered">Hears of how many images were answered.</param>
internal sealed class PredictionQueue(int pixels, int classes, TimeProvider time, Action<int> answered)
{
    private const int MaxWaiting = 4 * PredictionRequest.MaxImages; // images
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private const int SlotsBetweenRides = 8;
    private static readonly TimeSpan LongestBetweenRides = TimeSpan.FromMilliseconds(100);
    private readonly Lock _lock = new();
    private readonly List<Asker> _waiting = [];
    private readonly Dictionary<long, List<Asker>> _under = [];
    private long _rides;
    private long? _lastRide;
    private int _slotsSince;
    private bool _isClosed;

    /// <summary>Whether no slot is to come for a while that anybody could ride with: who asks is sent to what is kept.</summary>
    public bool IsIdle
    {
        private get;
        set
        {
            lock (_lock)
            {
                field = value;
                foreach (var asker in value ? _waiting : [])
                {
                    asker.Answer.TrySetException(Idle());
                }
            }
        }
    }

    /// <param name="images">At most as many as ride with a slot.</param>
    /// <param name="tries">Whether each layer is asked, too.</param>
    /// <returns>What the network says, when it has.</returns>
    /// <exception cref="BusyException">Too many wait already.</exception>
    /// <exception cref="StageLostException">The run goes on as another generation, or has come to rest.</exception>
    /// <exception cref="TimeoutException">No slot came through in time.</exception>
    public async Task<PredictionResult> Ask(byte[] images, bool tries = false)
    {
        var asker = new Asker(images, images.Length / pixels, tries);
        lock (_lock)
        {
            if (_isClosed)
            {
                throw Closed();
            }

            if (IsIdle)
            {
                throw Idle();
            }

            if (_waiting.Sum(other => other.Images) + asker.Images > MaxWaiting)
            {
                throw new BusyException($"{MaxWaiting} images wait for an answer already: ask again later.");
            }

            _waiting.Add(asker);
        }

        try
        {
            return await asker.Answer.Task.WaitAsync(Patience, time);
        }
        finally
        {
            lock (_lock)
            {
                _waiting.Remove(asker);
            }
        }
    }

    /// <summary>Takes as many of those that wait as one slot carries, who all ask for the same; asked for every slot.</summary>
    /// <returns>Null where nobody waits, or all can wait for others.</returns>
    public (long Ride, LabelledImages Images, bool Tries)? TakeUp()
    {
        lock (_lock)
        {
            _slotsSince++;
            if (_waiting.Count == 0 || CanWait())
            {
                return null;
            }

            (_lastRide, _slotsSince) = (time.GetTimestamp(), 0);
            var (images, tries) = (0, _waiting[0].Tries);
            var most = tries ? PredictionRequest.MaxTried(classes) : PredictionRequest.MaxImages;
            var riding = _waiting.Where(asker => asker.Tries == tries).TakeWhile(asker => (images += asker.Images) <= most).ToList();
            riding.ForEach(asker => _waiting.Remove(asker));
            _under.Add(++_rides, riding);
            byte[] together = [.. riding.SelectMany(asker => asker.Pixels)];
            return (_rides, new LabelledImages(together.Length / pixels, 1, pixels, together, new byte[together.Length / pixels]), tries);
        }
    }

    public void Answered(PredictionResponse answer)
    {
        List<Asker>? riding;
        lock (_lock)
        {
            _under.Remove(answer.Id, out riding);
        }

        var (first, all) = (0, answer.Probabilities.Length / classes);
        answered(riding?.Sum(asker => asker.Images) ?? 0);
        foreach (var asker in riding ?? [])
        {
            var layers = answer.Layers?.Part(first, asker.Images, all);
            asker.Answer.TrySetResult(
                new PredictionResult(answer.Slot, IsLive: true, answer.Probabilities[(first * classes)..((first + asker.Images) * classes)])
                {
                    Goodness = layers?.Labels,
                    NeutralGoodness = layers?.Neutral,
                }
            );
            first += asker.Images;
        }
    }

    /// <summary>Nobody is answered any more.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _isClosed = true;
            foreach (var asker in _waiting.Concat(_under.Values.SelectMany(riding => riding)))
            {
                asker.Answer.TrySetException(Closed());
            }
        }
    }

    private bool CanWait() =>
        _lastRide is { } last
        && _slotsSince < SlotsBetweenRides
        && time.GetElapsedTime(last) < LongestBetweenRides
        && _waiting.Sum(asker => asker.Images) < PredictionRequest.MaxImages;

    private static StageLostException Idle() => new("The run waits for examples of its stream.");

    private static StageLostException Closed() => new("The run does not train here any more.");

    private sealed record Asker(byte[] Pixels, int Images, bool Tries)
    {
        public TaskCompletionSource<PredictionResult> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
