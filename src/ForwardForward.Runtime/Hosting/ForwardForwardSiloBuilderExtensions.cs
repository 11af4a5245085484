using ForwardForward.Contracts;
using ForwardForward.Learning.Data;
using ForwardForward.Learning.Native;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Serialization;

namespace ForwardForward.Runtime.Hosting;

/// <summary>The one public way in.</summary>
public static class ForwardForwardSiloBuilderExtensions
{
    /// <summary>Adds the grains of Forward-Forward runs to a silo.</summary>
    /// <param name="dataCacheFolder">Where known data sets are kept.</param>
    /// <exception cref="LibTorchUnavailableException">This machine cannot compute.</exception>
    public static ISiloBuilder AddForwardForward(this ISiloBuilder silo, string dataCacheFolder)
    {
        LibTorch.EnsureLoaded();
        silo.Services.AddSerializer(serializer => serializer.AddForwardForwardContracts());
        silo.Services.Configure<ExceptionSerializationOptions>(options => options.SupportedNamespacePrefixes.Add("ForwardForward"));
        silo.Services.TryAddSingleton(TimeProvider.System);
        silo.Services.AddSingleton(new DataSets(dataCacheFolder));
        return silo;
    }
}
