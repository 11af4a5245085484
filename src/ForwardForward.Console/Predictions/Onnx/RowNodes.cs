using ForwardForward.Learning.Recipes;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Console.Predictions.Onnx;

/// <summary>Makes the rows that the first layer reads of pictures: what <see cref="PictureRows"/> does.</summary>
internal sealed class RowNodes
{
    private readonly OnnxGraph _graph;
    private readonly NetworkEnds _ends;
    private readonly string _pictures; // with every pixel in its place, and, where the network has labels in its pictures, room for one

    /// <param name="pictures">N x pixels.</param>
    public RowNodes(OnnxGraph graph, ExperimentSpec spec, NetworkEnds ends, string pictures)
    {
        (_graph, _ends) = (graph, ends);
        var placed = PictureRows.Order(spec, ends.Pixels, ends.Classes) is { } order
            ? graph.Node("Gather", "pictures.placed", [pictures, Order(order)], OnnxGraph.Attribute("axis", 1))
            : pictures;
        HasLabels = Recipe.Of(spec).HasLabels;
        _pictures = HasLabels
            ? graph.Node("Mul", "pictures.unlabelled", [placed, Row("pictures.room", pixel => pixel < ends.Classes ? 0 : 1)])
            : placed;
    }

    /// <summary>Whether the network has learned from pictures with labels in them.</summary>
    public bool HasLabels { get; }

    /// <summary>The pictures without a word on their class, N x pixels.</summary>
    public string Neutral()
    {
        var rows = HasLabels ? _graph.Node("Add", "neutral.labelled", [_pictures, Row("neutral.label", Neutral)]) : _pictures;
        return NormalizedRows.Of(_graph, "neutral.rows", rows, _ends.Pixels).Rows;
    }

    /// <summary>The pictures with every label in turn, those of a picture side by side, (N C) x pixels.</summary>
    public string Labelled()
    {
        var (pixels, classes) = (_ends.Pixels, _ends.Classes);
        var labels = new float[classes * pixels];
        for (var label = 0; label < classes; label++)
        {
            labels[(label * pixels) + label] = 1;
        }

        var each = _graph.Node("Unsqueeze", "labelled.pictures", [_pictures, _graph.Integers("second", [1L])]);
        var all = _graph.Node("Add", "labelled.labelled", [each, _graph.Numbers("labelled.labels", labels, classes, pixels)]);
        var rows = _graph.Node("Reshape", "labelled.side_by_side", [all, _graph.Integers("labelled.shape", [-1L, pixels])]);
        return NormalizedRows.Of(_graph, "labelled.rows", rows, pixels).Rows;
    }

    private float Neutral(int pixel) => pixel < _ends.Classes ? 1f / _ends.Classes : 0;

    private string Order(int[] order) => _graph.Integers("pictures.order", [.. order.Select(pixel => (long)pixel)]);

    private string Row(string name, Func<int, float> value) =>
        _graph.Numbers(name, [.. Enumerable.Range(0, _ends.Pixels).Select(value)], _ends.Pixels);
}
