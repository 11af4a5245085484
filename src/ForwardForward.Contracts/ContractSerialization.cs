using ForwardForward.Learning.Checkpoints;
using ForwardForward.Learning.Recipes;
using ForwardForward.Learning.Specs;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;

namespace ForwardForward.Contracts;

/// <summary>What client and silo must agree on to understand each other.</summary>
public static class ContractSerialization
{
    private static readonly HashSet<Type> AsJson =
    [
        typeof(ExperimentSpec),
        typeof(LayerMeasurement),
        typeof(Evaluation),
        typeof(PredictionResponse),
        typeof(CheckpointId),
        typeof(CheckpointManifest),
        typeof(CheckpointFile),
        typeof(CheckpointListing),
        typeof(HeldFiles),
    ];
    private static readonly string[] ExceptionsOf = ["ForwardForward", "StackExchange.Redis"];

    /// <summary>Lets the rare messages carry the algorithm's own records, as JSON, and exceptions reach who called.</summary>
    public static IServiceCollection AddForwardForwardContracts(this IServiceCollection services)
    {
        services.AddSerializer(serializer => serializer.AddJsonSerializer(AsJson.Contains));
        return services.Configure<ExceptionSerializationOptions>(options => options.SupportedNamespacePrefixes.UnionWith(ExceptionsOf));
    }
}
