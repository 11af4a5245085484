using System.Runtime.InteropServices;
using ForwardForward.Learning.Tensors;

namespace ForwardForward.Learning.Readouts;

/// <summary>Adds up what the layers that count say of each class, and makes probabilities of it by a softmax; it learns nothing.</summary>
/// <param name="layers">That count.</param>
/// <param name="maxRows">Most rows at a time.</param>
/// <param name="isPortable">Whether its bits have to be those of every machine.</param>
internal sealed class ClassGoodness(int layers, int classes, int maxRows, bool isPortable = false) : IClassifier
{
    private readonly float[][] _said = [.. Enumerable.Range(0, layers).Select(_ => new float[maxRows * classes])];
    private readonly float[] _probabilities = new float[maxRows * classes];

    public IEnumerable<(string Name, Matrix Value)> State => [];

    public void Load(int feature, Activations rows) => MemoryMarshal.Cast<byte, float>(rows.Bytes).CopyTo(_said[feature]);

    public ReadOnlySpan<float> Classify(int rows)
    {
        var probabilities = _probabilities.AsSpan(0, rows * classes);
        probabilities.Clear();
        foreach (var said in _said)
        {
            for (var i = 0; i < probabilities.Length; i++)
            {
                probabilities[i] += said[i];
            }
        }

        for (var row = 0; row < rows; row++)
        {
            SoftmaxReadout.Softmax(probabilities.Slice(row * classes, classes), isPortable);
        }

        return probabilities;
    }

    public void Learn(ReadOnlySpan<byte> labels, double rateFactor)
    {
        // The layers have.
    }

    public void Dispose()
    {
        // There is nothing.
    }
}
