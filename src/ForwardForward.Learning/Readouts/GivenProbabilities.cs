using System.Runtime.InteropServices;
using ForwardForward.Learning.Tensors;

namespace ForwardForward.Learning.Readouts;

/// <summary>Takes the class probabilities that a network which learned as a whole has made itself.</summary>
internal sealed class GivenProbabilities(int classes) : IClassifier
{
    private float[] _probabilities = [];

    public IEnumerable<(string Name, Matrix Value)> State => [];

    public void Load(int feature, Activations rows) => _probabilities = MemoryMarshal.Cast<byte, float>(rows.Bytes).ToArray();

    public ReadOnlySpan<float> Classify(int rows) => _probabilities.AsSpan(0, rows * classes);

    public void Learn(ReadOnlySpan<byte> labels, double rateFactor)
    {
        // The network has.
    }

    public void Dispose()
    {
        // There is nothing.
    }
}
