using System.Runtime.InteropServices;
using ForwardForward.Learning;
using ForwardForward.Learning.Layers;
using ForwardForward.Learning.Recipes;
using ForwardForward.Learning.Recipes.Networks;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tensors;

namespace ForwardForward.Console.Predictions.Onnx;

/// <summary>
/// Takes rows through all layers, from below alone: what <see cref="LayerSlotHandler.Rise"/> does without leaving units out.
/// </summary>
internal sealed class LayerNodes(OnnxGraph graph, ExperimentSpec spec, NetworkEnds ends)
{
    /// <param name="pass">Name of this pass; the weights are those of all passes.</param>
    /// <param name="rows">Normalized, R x pixels.</param>
    /// <returns>The normalized activity of every layer, R x units.</returns>
    public IReadOnlyList<NormalizedRows> Rise(string pass, string rows)
    {
        var layers = new List<NormalizedRows>();
        for (var layer = 0; layer < spec.Layers.Count; layer++)
        {
            var shape = LayerShapes.Of(spec, layer, ends.Pixels, ends.Classes);
            var name = $"{pass}.layers.{layer}";
            var product = shape.Field is { } field ? OfPlaces(name, layer, rows, shape, field) : OfAll(name, layer, rows, shape);
            layers.Add(NormalizedRows.Of(graph, name, graph.Node("Relu", $"{name}.activity", [product]), shape.Units));
            rows = layers[^1].Rows;
        }

        return layers;
    }

    /// <summary>Goodness summed over the layers that count, R x 1.</summary>
    /// <exception cref="InvalidInputException">It is the goodness of a plug-in, of which nothing but its code is known.</exception>
    public string Goodness(string pass, IReadOnlyList<NormalizedRows> layers)
    {
        var squares = Recipe.Of(spec).Network.Stages.Featured.Select(layer => layers[layer].Squares).ToList();
        var sum = squares.Count == 1 ? squares[0] : graph.Node("Sum", $"{pass}.squares", squares);
        return spec.Goodness.Kind switch
        {
            GoodnessKind.SumOfSquares or GoodnessKind.Symba or GoodnessKind.Swish => sum,
            GoodnessKind.NegativeSumOfSquares => graph.Node("Neg", $"{pass}.goodness", [sum]),
            var kind => throw new InvalidInputException(
                $"goodness.kind: '{kind}' cannot be written as ONNX, expected one of the program's own; --format safetensors takes any."
            ),
        };
    }

    private string OfAll(string name, int layer, string rows, LayerShape shape) =>
        graph.Node(
            "Gemm",
            $"{name}.product",
            [rows, graph.Constant(Below(layer, shape), shape.Units, shape.Below), graph.Constant(Bias(layer), shape.Units)],
            OnnxGraph.Attribute("transB", 1)
        );

    // One product for all places at once: P places of I inputs and U / P units each.
    private string OfPlaces(string name, int layer, string rows, LayerShape shape, ReceptiveField field)
    {
        var (shared, places, inputs) = ($"layers.{layer}", field.Places.Count, field.Inputs);
        var elements = field.Places.SelectMany(place => place).SelectMany(run => Enumerable.Range(run.First, run.Count));
        var all = graph.Integers($"{shared}.field", [.. elements.Select(element => (long)element)]);
        var seen = graph.Node("Gather", $"{name}.seen", [rows, all], OnnxGraph.Attribute("axis", 1)); // R x (P I)
        var each = graph.Node("Reshape", $"{name}.places", [seen, graph.Integers($"{shared}.inputs", [0L, places, inputs])]); // R x P x I
        var placesFirst = graph.Node("Transpose", $"{name}.places_first", [each], OnnxGraph.Attribute("perm", 1, 0, 2));
        var weights = graph.Constant(Below(layer, shape), places, shape.Units / places, inputs);
        var weightsT = graph.Node("Transpose", $"{name}.weights", [weights], OnnxGraph.Attribute("perm", 0, 2, 1));
        var product = graph.Node("MatMul", $"{name}.place_products", [placesFirst, weightsT]); // P x R x (U / P)
        var rowsFirst = graph.Node("Transpose", $"{name}.rows_first", [product], OnnxGraph.Attribute("perm", 1, 0, 2));
        var together = graph.Node("Reshape", $"{name}.units", [rowsFirst, graph.Integers($"{shared}.units", [0L, shape.Units])]);
        return graph.Node("Add", $"{name}.product", [together, graph.Constant(Bias(layer), shape.Units)]);
    }

    private StateTensor Bias(int layer) => graph.Weights(InitialWeights.Bias(layer));

    // Weights of what comes from above stand behind those of what comes from below, and from above comes nothing.
    private StateTensor Below(int layer, LayerShape shape)
    {
        var whole = graph.Weights(InitialWeights.Weight(layer));
        if (shape.Above == 0)
        {
            return whole;
        }

        var below = shape.Inputs - shape.Above;
        var all = MemoryMarshal.Cast<byte, float>(whole.Data.Span);
        var kept = new float[whole.Rows * below];
        for (var unit = 0; unit < whole.Rows; unit++)
        {
            all.Slice(unit * whole.Columns, below).CopyTo(kept.AsSpan(unit * below));
        }

        return StateTensor.Of(whole.Name, whole.Rows, kept);
    }
}
