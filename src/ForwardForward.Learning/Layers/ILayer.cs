using ForwardForward.Learning.Tensors;

namespace ForwardForward.Learning.Layers;

/// <summary>What learns in one stage: a Forward-Forward layer, or a whole network that learns by backpropagation.</summary>
internal interface ILayer : IDisposable
{
    /// <summary>Position in the network, from 0.</summary>
    int Index { get; }

    /// <summary>Goodness of the rows of the last slot, before its update; empty where there is none.</summary>
    ReadOnlySpan<float> LastGoodness { get; }

    /// <summary>Everything that the future depends on, in the fixed order that hashes and checkpoints use.</summary>
    IEnumerable<(string Name, Matrix Value)> State { get; }

    /// <summary>Passes rows through with the weights as they are now.</summary>
    /// <param name="input">From below; not kept.</param>
    /// <param name="trainingSlot">Number of the slot whose rows leave units out, where the spec wants that; null: none is left out.</param>
    /// <returns>One row each; the caller disposes them.</returns>
    Activations Forward(Activations input, long? trainingSlot = null);

    /// <summary>Learns from the rows that <see cref="Forward"/> saw last.</summary>
    /// <param name="layout">Groups of these rows.</param>
    /// <param name="labels">True classes of the neutral rows.</param>
    /// <param name="rateFactor">Share of the learning rate that the schedule leaves.</param>
    /// <param name="update">Number of this update, from 1.</param>
    LayerStep Learn(RowLayout layout, ReadOnlySpan<byte> labels, double rateFactor, long update);

    /// <summary>Copies a state back.</summary>
    /// <exception cref="InvalidInputException">It is the state of another one.</exception>
    void Restore(IReadOnlyList<StateTensor> state);
}
