using ForwardForward.Contracts;
using ForwardForward.Learning.Data;
using ForwardForward.Learning.Native;
using ForwardForward.Runtime.Checkpoints;
using ForwardForward.Runtime.Connections;
using ForwardForward.Runtime.Placement;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Hosting;
using Orleans.Runtime;
using Orleans.Runtime.MembershipService.SiloMetadata;

namespace ForwardForward.Runtime.Hosting;

/// <summary>The one public way in.</summary>
public static class ForwardForwardSiloBuilderExtensions
{
    /// <summary>Adds the grains of Forward-Forward runs to a silo. Membership, reminders and the grain storage <see cref="Experiments.RunRecord.Storage"/> are the host's.</summary>
    /// <param name="dataCacheFolder">Where known data sets are kept.</param>
    /// <param name="checkpointFolderOf">Where a run of this name keeps its checkpoints; all silos of a cluster see the same.</param>
    /// <param name="profile">What the silo tells the others of itself.</param>
    /// <exception cref="LibTorchUnavailableException">This machine cannot compute.</exception>
    public static ISiloBuilder AddForwardForward(this ISiloBuilder silo, string dataCacheFolder, Func<string, string> checkpointFolderOf, SiloProfile profile)
    {
        LibTorch.EnsureLoaded();
        silo.UseSiloMetadata(profile.ToMetadata());
        silo.Services.AddForwardForwardContracts();
        silo.Services.UseTensorConnections();
        silo.Services.AddPlacementDirector<PlannedPlacement, PlannedPlacementDirector>();
        silo.Services.TryAddSingleton(TimeProvider.System);
        silo.Services.AddSingleton(profile);
        silo.Services.AddSingleton<ClusterView>();
        silo.Services.AddSingleton(services => new CheckpointStore(checkpointFolderOf, services.GetRequiredService<ILocalSiloDetails>()));
        silo.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, JoinCheck>();
        silo.Services.AddSingleton(new DataSets(dataCacheFolder));
        return silo;
    }
}
