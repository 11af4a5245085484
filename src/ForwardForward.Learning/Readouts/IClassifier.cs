using ForwardForward.Learning.Tensors;

namespace ForwardForward.Learning.Readouts;

/// <summary>Makes class probabilities of what the layers send.</summary>
internal interface IClassifier : IDisposable
{
    /// <summary>Everything that its future depends on, in fixed order.</summary>
    IEnumerable<(string Name, Matrix Value)> State { get; }

    /// <summary>Takes the rows of one featured layer.</summary>
    /// <param name="feature">Position among the featured layers, from 0.</param>
    /// <param name="rows">N x units; not kept.</param>
    void Load(int feature, Activations rows);

    /// <summary>Class probabilities of the loaded rows, row-major N x C; valid until the next call.</summary>
    ReadOnlySpan<float> Classify(int rows);

    /// <summary>Learns from the rows that <see cref="Classify"/> saw last.</summary>
    /// <param name="rateFactor">Share of the learning rate that the schedule leaves.</param>
    void Learn(ReadOnlySpan<byte> labels, double rateFactor);
}
