using ForwardForward.Learning.Data;
using ForwardForward.Learning.Recipes;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tensors;

namespace ForwardForward.Learning.Networks;

/// <summary>The state that a run begins with where its weights are given.</summary>
internal static class FreshState
{
    /// <param name="spec">Its <see cref="StartSpec"/> names a file of weights.</param>
    /// <param name="features">Width of a row.</param>
    /// <exception cref="InvalidInputException">The file has the weights of another network.</exception>
    public static IReadOnlyList<IReadOnlyList<StateTensor>> FromFile(ExperimentSpec spec, int features, int classes)
    {
        InitialWeights.Check(spec, features, classes);
        var blank = new LabelledImages(spec.BatchSize, 1, features, [], new byte[spec.BatchSize]) { Values = [] };
        var data = new DataSet("", blank, blank with { Count = 0, Labels = [] }, classes);
        using var trainer = new SequentialTrainer(spec, data, new WorkerPool(1));
        return trainer.State();
    }

    /// <param name="fresh">Of a run that begins with random weights.</param>
    /// <param name="learned">Of one of the same network whose weights and biases are to take their place; optimizers and means begin
    /// anew.</param>
    public static IReadOnlyList<IReadOnlyList<StateTensor>> With(
        IReadOnlyList<IReadOnlyList<StateTensor>> fresh,
        IReadOnlyList<IReadOnlyList<StateTensor>> learned
    ) => [.. fresh.Zip(learned, With)];

    private static IReadOnlyList<StateTensor> With(IReadOnlyList<StateTensor> stage, IReadOnlyList<StateTensor> learned) =>
        [.. stage.Select(tensor => IsGiven(tensor) ? StateTensor.Find(learned, tensor.Name, tensor.Rows, tensor.Columns) : tensor)];

    // weights, bias; of a network that learns as a whole weights.1, bias.1 and so on. Their averages and moments have longer names.
    private static bool IsGiven(StateTensor tensor) =>
        tensor.Name.Split('.') switch
        {
            ["weights" or "bias"] => true,
            ["weights" or "bias", var layer] => int.TryParse(layer, out _),
            _ => false,
        };
}
