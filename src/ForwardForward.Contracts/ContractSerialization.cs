using ForwardForward.Learning;
using ForwardForward.Learning.Recipes;
using ForwardForward.Learning.Specs;
using Orleans.Serialization;

namespace ForwardForward.Contracts;

/// <summary>Client and silo both call this: it lets the rare messages carry the algorithm's own records, as JSON.</summary>
public static class ContractSerialization
{
    private static readonly HashSet<Type> AsJson = [typeof(ExperimentSpec), typeof(LayerMeasurement), typeof(Evaluation)];

    public static ISerializerBuilder AddForwardForwardContracts(this ISerializerBuilder serializer) =>
        serializer.AddJsonSerializer(AsJson.Contains);
}
