namespace ForwardForward.Console.Predictions.Onnx;

/// <summary>Rows divided by their root mean square, as pictures and the activity of every layer are before a layer sees them.</summary>
/// <param name="Rows">R x width.</param>
/// <param name="Squares">Sums of squares from before, R x 1.</param>
internal readonly record struct NormalizedRows(string Rows, string Squares)
{
    private const float MinNorm = 1e-30f; // a row of zeros stays one

    /// <param name="name">Of the result.</param>
    public static NormalizedRows Of(OnnxGraph graph, string name, string rows, int width)
    {
        var squares = graph.Node(
            "ReduceSumSquare",
            $"{name}.squares",
            [rows],
            OnnxGraph.Attribute("axes", [1]),
            OnnxGraph.Attribute("keepdims", 1)
        );
        var mean = graph.Node("Div", $"{name}.mean", [squares, graph.Number(width)]);
        var root = graph.Node("Sqrt", $"{name}.root", [graph.Node("Add", $"{name}.above_zero", [mean, graph.Number(MinNorm)])]);
        return new NormalizedRows(graph.Node("Div", name, [rows, root]), squares);
    }
}
