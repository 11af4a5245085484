using ForwardForward.Learning.Layers;

namespace ForwardForward.Learning.Predictions;

/// <summary>Pictures under a top-down network, iteration by iteration; above it all classes are alike. Nothing is learned.</summary>
internal sealed class Settling : IDisposable
{
    private readonly FFLayer[] _layers;
    private readonly Activations _pictures, _above;
    private readonly RowLayout _layout;
    private LayerState[]? _before;
    private LayerState[] _after;

    /// <param name="layers">From the bottom up.</param>
    /// <param name="pictures">Normalized rows; disposed with this.</param>
    /// <param name="classes">Width of the label.</param>
    public Settling(FFLayer[] layers, Activations pictures, int classes)
    {
        (_layers, _pictures, _layout) = (layers, pictures, new RowLayout(0, 0, 0, pictures.Rows));
        _after = Fresh();
        _above = Activations.Rent(pictures.Rows, classes, pictures.Precision);
        for (var i = 0; i < pictures.Rows * classes; i++)
        {
            _above.Set(i / classes, i % classes, 1);
        }
    }

    public int Count => _pictures.Rows;

    /// <summary>Normalized states of every layer, from the bottom up.</summary>
    public IReadOnlyList<Activations> States { get; private set; } = [];

    /// <summary>The pass from below, the first time; then an iteration of all layers at once.</summary>
    public void Next()
    {
        var states = new Activations[_layers.Length];
        var free = _before ?? Fresh();
        for (var i = 0; i < states.Length; i++)
        {
            states[i] = States.Count == 0
                ? _layers[i].Iterate(i == 0 ? _pictures : states[i - 1], null, null, free[i], _layout, null)
                : _layers[i].Iterate(i == 0 ? _pictures : States[i - 1], i + 1 < states.Length ? States[i + 1] : _above, _after[i], free[i], _layout, null);
        }

        Release();
        (States, _before, _after) = (states, _after, free);
    }

    public void Dispose()
    {
        Release();
        _pictures.Dispose();
        _above.Dispose();
        foreach (var state in _after.Concat(_before ?? []))
        {
            state.Dispose();
        }
    }

    private LayerState[] Fresh() => [.. _layers.Select(layer => new LayerState(_layout.Total, layer.Units))];

    private void Release()
    {
        foreach (var rows in States)
        {
            rows.Dispose();
        }
    }
}
