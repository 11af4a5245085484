using ForwardForward.Learning.Layers;
using ForwardForward.Learning.Recipes.Networks;
using ForwardForward.Learning.Specs;
using TorchSharp;
using static ForwardForward.Learning.Tests.Layers.Comparison;

namespace ForwardForward.Learning.Tests.Layers;

public sealed class LocalGradientTests
{
    private const int Batch = 6;
    private const int Inputs = 19;
    private const int Units = 37;

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Is_autograds_gradient_of_the_log_likelihood_with_its_constant_absorbed(double temperature)
    {
        var spec = Spec(temperature);
        using var layer = new FFLayer(LayerOptionsOf.Layer(spec, 0, new LayerShape(Inputs, 0, Units), 2 * Batch));
        using var x = RandomRows.Make(2 * Batch, Inputs, Precision.Fp32);
        var (weights, bias) = Autograd(Read(x), Read(layer.State)["weights"], spec.Goodness);

        layer.Forward(x).Dispose();
        layer.Learn(new RowLayout(Batch, Batch, 0, 0), 1, 1);

        var state = Read(layer.State); // without momentum the averages are the gradient itself
        var constant = temperature / 2; // of d(y^2 / temperature)
        AssertNear([.. weights.Select(g => g * constant / Batch)], state["weights.average"], 1e-5, "gradient of the weights");
        AssertNear([.. bias.Select(g => g * constant / Batch)], state["bias.average"], 1e-5, "gradient of the bias");
    }

    private static (double[] Weights, double[] Bias) Autograd(double[] x, double[] weights, GoodnessSpec goodness)
    {
        using var scope = torch.NewDisposeScope();
        var w = torch.tensor(weights).reshape(Units, Inputs).requires_grad_();
        var b = torch.zeros(Units, dtype: torch.ScalarType.Float64, requires_grad: true);
        var y = torch.nn.functional.relu(torch.tensor(x).reshape(2 * Batch, Inputs).mm(w.t()) + b);
        var logit = ((y * y).sum(1) - (goodness.ThresholdPerUnit * Units)) / goodness.Temperature;
        var likelihood =
            torch.nn.functional.logsigmoid(logit.narrow(0, 0, Batch)).sum()
            + torch.nn.functional.logsigmoid(-logit.narrow(0, Batch, Batch)).sum();
        likelihood.backward();
        return (w.grad!.data<double>().ToArray(), b.grad!.data<double>().ToArray());
    }

    private static ExperimentSpec Spec(double temperature) =>
        new()
        {
            Precision = Precision.Fp32,
            BatchSize = Batch,
            Goodness = new GoodnessSpec { ThresholdPerUnit = 0.5, Temperature = temperature },
            PeerNormalization = new PeerNormalizationSpec { Strength = 0 },
            Optimizer = new OptimizerSpec { Momentum = 0 },
        };
}
