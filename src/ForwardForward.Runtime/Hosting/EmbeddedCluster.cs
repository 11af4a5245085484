using System.Net;
using System.Net.Sockets;
using ForwardForward.Experiments.Data;
using ForwardForward.Runtime.Layers;
using ForwardForward.Runtime.Placement;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;

namespace ForwardForward.Runtime.Hosting;

/// <summary>Silos inside this process: real ones, with real TCP on loopback between them where there are several.</summary>
internal sealed class EmbeddedCluster : IAsyncDisposable
{
    // Who runs them hears in a sentence how a run ended; what Orleans has to say of it is for who asks.
    private static readonly IConfigurationRoot Levels = new ConfigurationBuilder()
        .AddInMemoryCollection(
            new Dictionary<string, string?> { ["Logging:LogLevel:Default"] = "Error", ["Logging:LogLevel:Orleans"] = "Critical" }
        )
        .AddEnvironmentVariables()
        .Build();

    private readonly List<IHost> _silos = [];

    private EmbeddedCluster() { }

    /// <summary>Talks to the grains of the cluster.</summary>
    public IGrainFactory Grains => _silos[0].Services.GetRequiredService<IGrainFactory>();

    /// <summary>What its silos have of data.</summary>
    public DataSets Data => _silos[0].Services.GetRequiredService<DataSets>();

    /// <param name="silos">How many silos.</param>
    /// <param name="dataCacheFolder">Where known data sets are kept.</param>
    /// <param name="checkpointFolder">Where the one run that keeps checkpoints keeps them.</param>
    /// <param name="sharesCheckpoints">If not, every silo has a folder of its name in there for itself.</param>
    /// <param name="layers">Makes what a silo's layer grains work with; null: layers that learn.</param>
    /// <param name="measuresRate">
    /// Whether a run's matrix rate is measured before its first slot, so that its metrics can say what share of it is used.
    /// </param>
    /// <param name="also">What more a silo is to be.</param>
    /// <param name="cancellation">Ends the start.</param>
    public static async Task<EmbeddedCluster> Start(
        int silos,
        string dataCacheFolder,
        string checkpointFolder,
        bool sharesCheckpoints = true,
        Func<ILayerFactory>? layers = null,
        bool measuresRate = false,
        Action<ISiloBuilder>? also = null,
        CancellationToken cancellation = default
    )
    {
        var cluster = new EmbeddedCluster();
        try
        {
            var profile = measuresRate ? SiloProfile.OfTheseCores : SiloProfile.Unmeasured;
            IPEndPoint? primary = null;
            for (var i = 0; i < silos; i++)
            {
                var port = FreePort();
                primary ??= new IPEndPoint(IPAddress.Loopback, port);
                var name = $"silo-{i + 1}";
                var checkpoints = sharesCheckpoints ? checkpointFolder : Path.Combine(checkpointFolder, name);
                var silo = Build(name, port, primary, dataCacheFolder, checkpoints, sharesCheckpoints, layers, profile, also);
                await silo.StartAsync(cancellation);
                cluster._silos.Add(silo); // one that does not start can be neither stopped nor disposed of
            }

            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var silo in _silos.AsEnumerable().Reverse())
        {
            await silo.StopAsync();
            silo.Dispose();
        }

        _silos.Clear();
    }

    /// <summary>The services of a silo.</summary>
    /// <param name="silo">From 0.</param>
    internal IServiceProvider Services(int silo) => _silos[silo].Services;

    private static IHost Build(
        string name,
        int port,
        IPEndPoint primary,
        string dataCacheFolder,
        string checkpointFolder,
        bool sharesCheckpoints,
        Func<ILayerFactory>? layers,
        SiloProfile profile,
        Action<ISiloBuilder>? also
    )
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder
            .Logging.AddConfiguration(Levels.GetSection("Logging"))
            .AddSentences()
            .AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        if (layers is not null)
        {
            builder.Services.AddSingleton(layers());
        }

        builder.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering(siloPort: port, gatewayPort: 0, primarySiloEndpoint: primary)
                .Configure<SiloOptions>(options => options.SiloName = name)
                .UseNoStorage()
                .AddForwardForward(dataCacheFolder, _ => checkpointFolder, profile, sharesCheckpoints);
            also?.Invoke(silo);
        });
        return builder.Build();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
