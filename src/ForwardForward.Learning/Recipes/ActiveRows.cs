namespace ForwardForward.Learning.Recipes;

/// <summary>Share of the learned rows that had a pull, over a run so far, from what its layers measured.</summary>
internal sealed class ActiveRows
{
    private readonly List<(double Sum, int Count)> _layers = [];

    /// <summary>Of every layer that has measured, from the bottom up.</summary>
    public IReadOnlyList<double> Means => [.. _layers.Select(layer => layer.Count == 0 ? 1 : layer.Sum / layer.Count)];

    public void Add(LayerMeasurement measured)
    {
        while (_layers.Count < measured.Layer)
        {
            _layers.Add((0, 0));
        }

        var (sum, count) = _layers[measured.Layer - 1];
        _layers[measured.Layer - 1] = (sum + measured.Pulling, count + 1);
    }

    public void Clear() => _layers.Clear();
}
