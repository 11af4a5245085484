using ForwardForward.Learning.Recipes;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tensors;

namespace ForwardForward.Console.Predictions.Onnx;

/// <summary>
/// A network that learned by backpropagation: dense layers, and below them, where it has some, convolutions of whose points the largest of
/// every 2 x 2 is kept.
/// </summary>
internal sealed class BackpropagationNodes(OnnxGraph graph, ExperimentSpec spec, NetworkEnds ends)
{
    /// <param name="rows">Normalized, N x pixels.</param>
    /// <returns>Class scores, N x C.</returns>
    public string Logits(string rows)
    {
        var convolutions = spec.Backpropagation.Network == NetworkKind.Convolutional ? spec.Layers.Count - 1 : 0;
        var activity = convolutions > 0 ? Convolved(rows, convolutions) : rows;
        for (var layer = convolutions; layer < spec.Layers.Count; layer++)
        {
            activity = graph.Node("Relu", $"layers.{layer}.activity", [Dense($"layers.{layer}.product", layer, activity)]);
        }

        return Dense("logits", spec.Layers.Count, activity);
    }

    private string Convolved(string rows, int convolutions)
    {
        var side = (int)Math.Sqrt(ends.Pixels);
        var activity = graph.Node("Reshape", "squares", [rows, graph.Integers("squares.shape", [0L, 1, side, side])]);
        for (var layer = 0; layer < convolutions; layer++)
        {
            var (weights, channels) = (graph.Weights(InitialWeights.Weight(layer)), layer == 0 ? 1 : spec.Layers[layer - 1]);
            var kernel = (int)Math.Sqrt(weights.Columns / channels);
            var around = kernel / 2;
            var product = graph.Node(
                "Conv",
                $"layers.{layer}.product",
                [activity, graph.Constant(weights, weights.Rows, channels, kernel, kernel), graph.Constant(Bias(layer), weights.Rows)],
                OnnxGraph.Attribute("pads", around, around, around, around)
            );
            var rectified = graph.Node("Relu", $"layers.{layer}.activity", [product]);
            activity = graph.Node(
                "MaxPool",
                $"layers.{layer}.largest",
                [rectified],
                OnnxGraph.Attribute("kernel_shape", 2, 2),
                OnnxGraph.Attribute("strides", 2, 2)
            );
        }

        return graph.Node("Flatten", "channels", [activity], OnnxGraph.Attribute("axis", 1));
    }

    private string Dense(string name, int layer, string rows)
    {
        var weights = graph.Weights(InitialWeights.Weight(layer));
        return graph.Node(
            "Gemm",
            name,
            [rows, graph.Constant(weights, weights.Rows, weights.Columns), graph.Constant(Bias(layer), weights.Rows)],
            OnnxGraph.Attribute("transB", 1)
        );
    }

    private StateTensor Bias(int layer) => graph.Weights(InitialWeights.Bias(layer));
}
