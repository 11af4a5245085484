using System.Net;
using ForwardForward.Contracts.Access;
using ForwardForward.Learning.Devices;
using ForwardForward.Learning.Native;
using ForwardForward.Learning.Plugins;
using ForwardForward.Runtime.Access;
using ForwardForward.Runtime.Checkpoints;
using ForwardForward.Runtime.Connections;
using ForwardForward.Runtime.Connections.Security;
using ForwardForward.Runtime.Hosting;
using ForwardForward.Runtime.Placement;
using ForwardForward.Silo.Access;
using ForwardForward.Silo.Live;
using Microsoft.AspNetCore.HostFiltering;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Orleans.Configuration;
using Orleans.Dashboard;
using StackExchange.Redis;

namespace ForwardForward.Silo;

/// <summary>Composes one silo process.</summary>
internal static class SiloHost
{
    // How often a silo says that it lives, and looks whether the others take it for dead: one that was frozen ends itself within this time.
    private static readonly TimeSpan SignOfLife = TimeSpan.FromSeconds(5);

    // A silo whose process is gone is noticed by its connections (DeathWatch); these find one that is silent, after three that nobody
    // answers.
    private static readonly TimeSpan Probe = TimeSpan.FromSeconds(2);

    public static async Task<WebApplication> Build(string[] arguments, Func<SiloProfile, SiloProfile> tells)
    {
        var builder = WebApplication.CreateBuilder(
            new WebApplicationOptions { Args = arguments, ContentRootPath = AppContext.BaseDirectory }
        );
        builder.Configuration.AddShortEnvironment().AddCommandLine(arguments);
        builder.Logging.AddSentences();
        var settings = SiloSettings.Read(builder.Configuration);
        PluginSet.LoadNamed(settings.Plugins);
        Ports.RequireFree(settings);
        var redis = settings.Redis.Length == 0 ? null : await RedisState.Connect(settings.Redis, settings.TlsFolder);
        var wasEmptyAt = redis is null ? null : await MemberTable.WasEmptyAt(redis, settings.ClusterId, TimeProvider.System);
        var listen = IPAddress.IsLoopback(settings.Address) ? settings.Address : IPAddress.Any;
        var handshake =
            settings.TlsFolder.Length == 0 ? null : new Handshake(new CertificateFolder(settings.TlsFolder), settings.ClusterId);
        builder.WebHost.ConfigureKestrel(http => http.Listen(listen, settings.HttpPort, port => Encrypt(port, handshake)));
        if (IPAddress.IsLoopback(settings.Address))
        {
            // A site whose name leads to this machine is none of it.
            string[] names = [$"{settings.Address}", "localhost", ClusterName.Of(ClusterRole.Silo, settings.ClusterId)];
            builder.Services.Configure<HostFilteringOptions>(hosts => hosts.AllowedHosts = names);
        }

        builder.Services.AddSiloTelemetry(settings.Name);
        builder.AddRunApi();
        LibTorch.EnsureLoaded();
        ComputeDevices.Use(settings.Devices);
        var profile = settings.MatrixRate.Length == 0 ? SiloProfile.Measure() : SiloProfile.Given(settings.MatrixRate);
        profile = settings.MemoryMegabytes == 0 ? profile : profile with { Memory = (long)settings.MemoryMegabytes << 20 };
        profile = profile with
        {
            Version = SiloProgram.Version,
            IsMixed = settings.Mixed,
            Checkpoints = CheckpointPlace.Of(
                settings.CheckpointFolder,
                settings.CheckpointsShared,
                $"{settings.ClusterId}-{settings.Name}"
            ),
        };
        builder.UseOrleans(silo => Compose(silo, settings, redis, wasEmptyAt, listen, tells(profile), handshake));
        var app = builder.Build();
        InsecureEndpointWarning.Warn(app.Logger, settings);
        app.MapGet("/", () => Results.Text(FrontPage.Of(settings)));
        app.MapGet("/health", (ISiloStatusOracle silo, IServiceProvider services) => Health(silo, services.GetService<MemberTable>()));
        app.MapGet(
            "/health/ready",
            (ISiloStatusOracle silo, IServiceProvider services) => Health(silo, services.GetService<MemberTable>())
        );
        app.MapGet("/health/live", () => Results.Text("alive"));
        app.MapPrometheusScrapingEndpoint();
        app.MapRunApi(handshake);
        if (settings.Dashboard)
        {
            app.MapOrleansDashboard("/dashboard");
        }

        return app;
    }

    private static void Compose(
        ISiloBuilder silo,
        SiloSettings settings,
        IConnectionMultiplexer? redis,
        long? wasEmptyAt,
        IPAddress listen,
        SiloProfile profile,
        Handshake? handshake
    )
    {
        if (redis is null)
        {
            silo.UseLocalhostClustering(
                settings.Port,
                settings.GatewayPort,
                settings.PrimaryEndpoint,
                settings.ClusterId,
                settings.ClusterId
            );
            _ = settings.RecordFolder.Length == 0 ? silo.UseNoStorage() : FolderState.Use(silo, settings.RecordFolder);
        }
        else
        {
            silo.UseRedis(redis, settings.Redis, wasEmptyAt);
        }

        silo.Configure<ClusterOptions>(options => options.ClusterId = options.ServiceId = settings.ClusterId)
            .Configure<SiloOptions>(options => options.SiloName = settings.Name)
            .Configure<ClusterMembershipOptions>(options =>
            {
                (options.IAmAliveTablePublishTimeout, options.TableRefreshTimeout) = (SignOfLife, SignOfLife);
                (options.ProbeTimeout, options.MinProbeTimeout, options.MaxProbeTimeout) = (Probe, Probe, Probe);
            })
            .ConfigureEndpoints(
                settings.Address,
                settings.Port,
                settings.GatewayPort,
                listenOnAnyHostAddress: listen.Equals(IPAddress.Any)
            );
        if (settings.Kubernetes)
        {
            silo.UseKubernetesHosting();
        }

        if (settings.Dashboard)
        {
            silo.AddDashboard(dashboard => dashboard.HideTrace = true);
        }

        if (handshake is not null)
        {
            silo.UseTls(handshake);
        }

        silo.GuardCalls();
        if (SiloTelemetry.SendsTraces)
        {
            silo.AddActivityPropagation();
        }

        silo.AddForwardForward(
            settings.DataFolder,
            run => Path.Combine(settings.CheckpointFolder, run),
            profile,
            settings.CheckpointsShared,
            settings.SlotsPerSecond
        );
    }

    private static void Encrypt(ListenOptions port, Handshake? handshake)
    {
        if (handshake is not null)
        {
            port.UseEncryption(handshake);
        }
    }

    private static IResult Health(ISiloStatusOracle silo, MemberTable? table)
    {
        var name = $"{silo.SiloName} ({silo.SiloAddress.Endpoint})";
        return (silo.CurrentStatus, table?.IsNamed ?? true) switch
        {
            (SiloStatus.Active, true) => Results.Text($"{name} is active"),
            (SiloStatus.Active, false) => Results.Text(
                $"{name} is active, but Redis has lost it and cannot be told",
                statusCode: StatusCodes.Status503ServiceUnavailable
            ),
            var (status, _) => Results.Text($"{name} is {status}", statusCode: StatusCodes.Status503ServiceUnavailable),
        };
    }
}
