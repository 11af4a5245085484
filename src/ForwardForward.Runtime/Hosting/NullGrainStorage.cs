using ForwardForward.Runtime.Experiments;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;

namespace ForwardForward.Runtime.Hosting;

/// <summary>Keeps nothing: the runs of a cluster that lives in one process end with it.</summary>
internal sealed class NullGrainStorage : IGrainStorage
{
    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => Task.CompletedTask;

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => Task.CompletedTask;

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => Task.CompletedTask;
}

public static class NullGrainStorageSiloBuilderExtensions
{
    /// <summary>For a silo that is a cluster of its own: runs and all else are forgotten when it ends.</summary>
    public static ISiloBuilder UseNoStorage(this ISiloBuilder silo)
    {
        silo.Services.AddKeyedSingleton<IGrainStorage, NullGrainStorage>(RunRecord.Storage);
        return silo;
    }
}
