using ForwardForward.Learning.Tensors;

namespace ForwardForward.Learning.Streams;

/// <summary>What a network answered wrongly of the newest examples of a stream, each before it learned from it.</summary>
/// <param name="Slot">That brought the newest of them.</param>
/// <param name="Epoch">From 1.</param>
/// <param name="Examples">Of the stream so far.</param>
/// <param name="Error">Share of the newest <see cref="PrequentialError.Window"/>, or of as many as there are.</param>
internal sealed record PrequentialMeasurement(long Slot, int Epoch, long Examples, double Error);

/// <summary>The newest answers, right or wrong (Dawid 1984; Gama, Sebastião and Rodrigues 2013).</summary>
/// <param name="every">Examples from one measurement to the next.</param>
internal sealed class PrequentialError(long every)
{
    /// <summary>Examples that the error is of.</summary>
    public const int Window = 1000;
    private const string Name = "prequential";
    private readonly Queue<bool> _wrong = [];
    private int _errors;

    /// <summary>Takes the answers to a mini-batch.</summary>
    /// <param name="scores">Of each image and class; the largest wins, the first of equals.</param>
    /// <param name="labels">True classes.</param>
    /// <param name="before">Examples of the stream before these.</param>
    /// <returns>What is measured, where that is due after these.</returns>
    public PrequentialMeasurement? Add(ReadOnlySpan<float> scores, ReadOnlySpan<byte> labels, long before, long slot, int epoch)
    {
        var classes = scores.Length / labels.Length;
        for (var i = 0; i < labels.Length; i++)
        {
            Add(Best(scores.Slice(i * classes, classes)) != labels[i]);
        }

        var through = before + labels.Length;
        return through / every > before / every ? new(slot, epoch + 1, through, (double)_errors / _wrong.Count) : null;
    }

    /// <summary>A copy of what is counted.</summary>
    public StateTensor Snapshot() => StateTensor.Of(Name, 1, [.. _wrong.Select(wrong => wrong ? 1f : 0f)]);

    /// <summary>Goes on from a copy, where there is one.</summary>
    public void Restore(IEnumerable<StateTensor> snapshot)
    {
        _wrong.Clear();
        _errors = 0;
        foreach (var wrong in snapshot.FirstOrDefault(tensor => tensor.Name == Name)?.ToFloats() ?? [])
        {
            Add(wrong != 0);
        }
    }

    private void Add(bool isWrong)
    {
        _wrong.Enqueue(isWrong);
        _errors += isWrong ? 1 : 0;
        if (_wrong.Count > Window)
        {
            _errors -= _wrong.Dequeue() ? 1 : 0;
        }
    }

    private static int Best(ReadOnlySpan<float> scores)
    {
        var best = 0;
        for (var c = 1; c < scores.Length; c++)
        {
            best = scores[c] > scores[best] ? c : best;
        }

        return best;
    }
}
