using ForwardForward.Learning.Predictions;
using ForwardForward.Learning.Readouts;
using ForwardForward.Learning.Recipes;
using ForwardForward.Learning.Recipes.Networks;
using ForwardForward.Learning.Specs;
using Onnx;

namespace ForwardForward.Console.Predictions.Onnx;

/// <summary>What a Forward-Forward network answers of the activity of its layers.</summary>
internal sealed class AnswerNodes(OnnxGraph graph, ExperimentSpec spec, NetworkEnds ends)
{
    private static readonly float MinLogarithm = (float)Math.Log(float.Epsilon); // of a probability that fp32 cannot tell from 0

    /// <summary>The readout's class scores, N x C.</summary>
    /// <param name="layers">Of the neutral rows.</param>
    public string Logits(IReadOnlyList<NormalizedRows> layers)
    {
        var features = Features.Of(spec, Recipe.Of(spec).Network.Stages);
        List<string> seen = [.. features.Select(feature => Seen(feature, layers[feature.Layer].Rows))];
        var all = seen.Count == 1 ? seen[0] : graph.Node("Concat", "features", seen, OnnxGraph.Attribute("axis", 1));
        var weights = graph.Constant(graph.Weights(InitialWeights.Readout), ends.Classes, features.Sum(feature => feature.Units));
        return graph.Node("Gemm", "logits", [all, weights], OnnxGraph.Attribute("transB", 1));
    }

    /// <summary>Class probabilities of the readout alone, N x C.</summary>
    public string Fast(string name, string logits) => graph.Node("Softmax", name, [logits], OnnxGraph.Attribute("axis", 1));

    /// <summary>Class probabilities of the readout and goodness together, N x C: what <see cref="JointTest.Join"/> does.</summary>
    /// <param name="goodness">Of every label, N x C.</param>
    public string Joint(string name, string logits, string goodness)
    {
        var logarithms = graph.Node("LogSoftmax", "joint.logarithms", [logits], OnnxGraph.Attribute("axis", 1));
        var readout = graph.Node("Max", "joint.readout", [logarithms, graph.Number(MinLogarithm)]);
        var (lead, spread) = Lead(goodness);
        // Where no label has more goodness than another, the readout alone speaks.
        var speaks = graph.Node("Greater", "joint.speaks", [spread, graph.Number(0)]);
        var unit = graph.Node("Where", "joint.unit", [speaks, spread, graph.Number(1)]);
        var units = graph.Node("Div", "joint.units", [lead, unit]);
        var loud = graph.Node("Mul", "joint.loud", [units, graph.Number((float)JointTest.Weight)]);
        var scores = graph.Node("Add", "joint.scores", [readout, loud]);
        var share = graph.Node("Where", "joint.share", [speaks, graph.Number(0.5f), graph.Number(1)]);
        return graph.Node("Softmax", name, [graph.Node("Mul", "joint.mean", [scores, share])], OnnxGraph.Attribute("axis", 1));
    }

    // How much more goodness each label has than the labels' mean, N x C, and its standard deviation, N x 1.
    private (string Lead, string Spread) Lead(string goodness)
    {
        AttributeProto[] overLabels = [OnnxGraph.Attribute("axes", [1]), OnnxGraph.Attribute("keepdims", 1)];
        var mean = graph.Node("ReduceMean", "joint.goodness_mean", [goodness], overLabels);
        var lead = graph.Node("Sub", "joint.lead", [goodness, mean]);
        var squares = graph.Node("ReduceSumSquare", "joint.squares", [lead], overLabels);
        var variance = graph.Node("Div", "joint.variance", [squares, graph.Number(ends.Classes - 1)]);
        return (lead, graph.Node("Sqrt", "joint.deviation", [variance]));
    }

    private string Seen(ReadoutInput feature, string rows)
    {
        if (feature.Units == spec.Layers[feature.Layer])
        {
            return rows;
        }

        var name = $"features.{feature.Layer}";
        var first = graph.Integers($"{name}.first", [(long)feature.First]);
        var end = graph.Integers($"{name}.end", [(long)feature.First + feature.Units]);
        return graph.Node("Slice", name, [rows, first, end, graph.Integers("second", [1L])]);
    }
}
