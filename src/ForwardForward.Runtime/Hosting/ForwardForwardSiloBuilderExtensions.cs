using ForwardForward.Contracts;
using ForwardForward.Experiments.Data;
using ForwardForward.Learning.Native;
using ForwardForward.Runtime.Checkpoints;
using ForwardForward.Runtime.Connections;
using ForwardForward.Runtime.Layers;
using ForwardForward.Runtime.Membership;
using ForwardForward.Runtime.Pipeline;
using ForwardForward.Runtime.Placement;
using ForwardForward.Runtime.Sources;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Runtime.MembershipService.SiloMetadata;

namespace ForwardForward.Runtime.Hosting;

/// <summary>The one public way in.</summary>
public static class ForwardForwardSiloBuilderExtensions
{
    // Of one silo's services to another's: directory, membership. What is asked of a silo that dies is asked again of those that are left,
    // and nothing of a run moves until then.
    private static readonly TimeSpan SystemAnswerTimeout = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Adds the grains of Forward-Forward runs to a silo of somebody's own program. Membership is the host's; so is the grain storage
    /// <see cref="Experiments.RunRecord.Storage"/>, where runs are to outlive the silos (<c>UseNoStorage</c> where they are not).
    /// </summary>
    /// <param name="silo">Of the host.</param>
    /// <param name="configure">Changes the options from their defaults.</param>
    /// <exception cref="LibTorchUnavailableException">
    /// This machine cannot compute: the program lacks the package TorchSharp-cpu.
    /// </exception>
    public static ISiloBuilder AddForwardForward(this ISiloBuilder silo, Action<ForwardForwardOptions>? configure = null)
    {
        var options = new ForwardForwardOptions();
        configure?.Invoke(options);
        var profile = options.MeasuresMatrixRate ? SiloProfile.Measure() : SiloProfile.OfTheseCores;
        return silo.AddForwardForward(
            options.DataFolder,
            run => Path.Combine(options.CheckpointFolder, run),
            profile with
            {
                IsMixed = options.IsMixed,
            },
            options.SharesCheckpoints,
            options.SlotsPerSecond
        );
    }

    /// <summary>
    /// Adds the grains of Forward-Forward runs to a silo. Membership and the grain storage <see cref="Experiments.RunRecord.Storage"/> are
    /// the host's.
    /// </summary>
    /// <param name="dataCacheFolder">Where known data sets are kept.</param>
    /// <param name="checkpointFolderOf">Where a run of this name keeps its checkpoints.</param>
    /// <param name="profile">What the silo tells the others of itself.</param>
    /// <param name="sharesCheckpoints">
    /// Whether all silos of the cluster see the same folder there; if not, each keeps copies of another's files. The same for all.
    /// </param>
    /// <param name="slotsPerSecond">Most slots that the source of a run makes here in a second; 0: as many as it can.</param>
    /// <exception cref="LibTorchUnavailableException">This machine cannot compute.</exception>
    public static ISiloBuilder AddForwardForward(
        this ISiloBuilder silo,
        string dataCacheFolder,
        Func<string, string> checkpointFolderOf,
        SiloProfile profile,
        bool sharesCheckpoints = true,
        int slotsPerSecond = 0
    )
    {
        LibTorch.EnsureLoaded();
        silo.UseSiloMetadata(profile.ToMetadata());
        silo.UseSteadyDirectory();
        silo.Configure<SiloMessagingOptions>(options => options.SystemResponseTimeout = SystemAnswerTimeout);
        silo.Services.AddForwardForwardContracts();
        silo.Services.UseTensorConnections();
        silo.Services.AddPlacementDirector<PlannedPlacement, PlannedPlacementDirector>();
        silo.Services.TryAddSingleton(TimeProvider.System);
        silo.Services.TryAddSingleton<ILayerFactory, LearningLayers>();
        silo.Services.AddSingleton(profile);
        silo.Services.AddSingleton(new SlotPace(slotsPerSecond));
        silo.Services.TryAddSingleton(new Turns(int.MaxValue)); // whoever has several silos in one process says what they share
        silo.Services.AddSingleton<ClusterView>();
        silo.Services.AddSingleton<CheckpointHolders>();
        silo.Services.AddSingleton(services => new CheckpointStore(
            checkpointFolderOf,
            sharesCheckpoints,
            services.GetRequiredService<ILocalSiloDetails>(),
            services.GetRequiredService<CheckpointHolders>()
        ));
        silo.Services.AddSingleton<LocalRuns>();
        silo.Services.AddSingleton<ReportLines>();
        silo.Services.AddSingleton(services => new RunRecords(
            services.GetRequiredService<LocalRuns>(),
            services.GetRequiredService<IGrainFactory>(),
            services.GetRequiredService<ILogger<RunRecords>>()
        ));
        silo.Services.AddSingleton<DeathWatch>();
        silo.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(services => services.GetRequiredService<DeathWatch>());
        silo.Services.AddSingleton<SharedFolderCheck>();
        silo.Services.AddSingleton<SiloRefusal>();
        silo.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, JoinCheck>();
        silo.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, RunTakeover>();
        silo.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, MembershipLog>();
        silo.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, SiloLeave>();
        silo.Services.AddSingleton(new DataSets(dataCacheFolder));
        return silo;
    }

    // Orleans' default directory deactivates, with every silo that goes, the grains all over the cluster that the silo had the addresses
    // of: stages that were not lost would be lost. This one asks the others again. It also keeps whatever was on a lost silo from coming up
    // elsewhere for some time, which the generations of a run make needless.
    private static void UseSteadyDirectory(this ISiloBuilder silo)
    {
#pragma warning disable ORLEANSEXP003 // opt-in until Orleans makes it the default, as its own test clusters do
        silo.AddDistributedGrainDirectory();
#pragma warning restore ORLEANSEXP003
        silo.Configure<GrainDirectoryOptions>(options => options.RangeLeaseDuration = TimeSpan.Zero);
    }
}
