using ForwardForward.Learning.Layers;
using ForwardForward.Learning.Recipes.Networks;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tensors;

namespace ForwardForward.Learning.Recipes.TopDown;

/// <summary>Pictures below a top-down network with every label above it in turn, iteration by iteration. No weight changes.</summary>
internal sealed class TopDownInference : IDisposable
{
    private readonly IRecurrentLayer[] _layers;
    private readonly Activations _pictures;
    private readonly Activations _labels;
    private LayerState[]? _before;
    private LayerState[] _after;

    /// <param name="layers">From the bottom up.</param>
    /// <param name="pictures">Normalized rows, N x pixels; disposed with this.</param>
    /// <param name="classes">C.</param>
    /// <param name="topDown">How loud the labels are.</param>
    public TopDownInference(IRecurrentLayer[] layers, Activations pictures, int classes, TopDownSpec topDown)
    {
        (_layers, _pictures, Rows) = (layers, pictures, pictures.Rows);
        _labels = RecurrentLayerStage.Labels(
            [.. Enumerable.Range(0, pictures.Rows * classes).Select(row => (byte)(row % classes))],
            classes,
            topDown,
            pictures.Precision
        );
        (_after, Goodness) = (Fresh(), new float[pictures.Rows * classes]);
    }

    /// <summary>N after the rise; then N x C, the labels of a picture side by side.</summary>
    public int Rows { get; private set; }

    /// <summary>Normalized states of every layer, from the bottom up.</summary>
    public IReadOnlyList<Activations> States { get; private set; } = [];

    /// <summary>Goodness of the rows of the last iteration, summed over the layers that count.</summary>
    public float[] Goodness { get; }

    /// <summary>The pass from below, the first time; then an iteration of all layers at once.</summary>
    /// <param name="counts">Positions of the layers whose goodness counts.</param>
    public void Next(IReadOnlyList<int> counts)
    {
        var isRise = States.Count == 0;
        var states = new Activations[_layers.Length];
        var free = _before ?? Fresh();
        Rows = isRise ? _pictures.Rows : _labels.Rows;
        var layout = new RowLayout(0, 0, 0, Rows);
        Array.Clear(Goodness);
        for (var i = 0; i < states.Length; i++)
        {
            states[i] = isRise
                ? _layers[i].Iterate(i == 0 ? _pictures : states[i - 1], null, null, free[i], layout, null)
                : _layers[i]
                    .Iterate(
                        i == 0 ? _pictures : States[i - 1],
                        i + 1 < states.Length ? States[i + 1] : _labels,
                        _after[i],
                        free[i],
                        layout,
                        null
                    );
            for (var row = 0; row < Rows && counts.Contains(i); row++)
            {
                Goodness[row] += _layers[i].LastGoodness[row];
            }
        }

        Release();
        (States, _before, _after) = (states, _after, free);
    }

    public void Dispose()
    {
        Release();
        _pictures.Dispose();
        _labels.Dispose();
        foreach (var state in _after.Concat(_before ?? []))
        {
            state.Dispose();
        }
    }

    private LayerState[] Fresh() => [.. _layers.Select(layer => layer.NewState(_labels.Rows))];

    private void Release()
    {
        foreach (var rows in States)
        {
            rows.Dispose();
        }
    }
}
