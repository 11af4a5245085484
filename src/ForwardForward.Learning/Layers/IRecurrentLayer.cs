using ForwardForward.Learning.Tensors;

namespace ForwardForward.Learning.Layers;

/// <summary>A layer that hears its neighbours above and below (Hinton 2022, section 3.4).</summary>
internal interface IRecurrentLayer : ILayer
{
    /// <summary>Room for what it keeps of a batch.</summary>
    LayerState NewState(int maxRows);

    /// <summary>
    /// One damped iteration: h = kept h_before + (1 - kept) max(0, W below + V above + b). Goodness, and what <see cref="ILayer.Learn"/>
    /// raises or lowers, are of h; what comes out is h / sqrt(mean(h^2)).
    /// </summary>
    /// <param name="below">
    /// Normalized states of the layer below; not kept. One row may stand for several of the slot (<see cref="RowLayout.Standing"/>), here
    /// and in the next two.
    /// </param>
    /// <param name="above">Of the layer above, or the label; null: nothing yet.</param>
    /// <param name="before">The layer's own states after the iteration before; null: there was none, and nothing is kept.</param>
    /// <param name="after">Takes the states after this one.</param>
    /// <param name="layout">Groups of the slot's rows.</param>
    /// <param name="dropout">
    /// Number that the units which are left out are drawn by, the same for all iterations of a batch; null: none is left out.
    /// </param>
    /// <returns>Normalized states, R x U; the caller disposes them.</returns>
    Activations Iterate(Activations below, Activations? above, LayerState? before, LayerState after, RowLayout layout, long? dropout);
}
