using ForwardForward.Chaos;
using ForwardForward.Chaos.Networks;
using ForwardForward.Client.Processes;
using ForwardForward.Console.Tests;
using ForwardForward.Learning.Tests.Data;

namespace ForwardForward.Cluster.Tests.Processes;

/// <summary>Silos with an address of their own each, as on several machines.</summary>
public sealed class NetworkTests
{
    private const int Silos = 3;
    private const int RedisPort = 6590;

    [NetworkFact]
    public async Task Three_hosts_end_in_the_bytes_of_the_reference()
    {
        using var folder = new TemporaryFolder();
        TinyIdx.Write(folder["tiny"]);
        await using var network = await NamespaceNetwork.Create(Silos);
        var redis = new RedisProcess(network.HostAddress, new FreePorts().Next(RedisPort), folder.Root);
        var silos = new List<FragileSilo>();
        try
        {
            await redis.Start(CancellationToken.None);
            silos.AddRange(Enumerable.Range(0, Silos).Select(Silo));
            await Task.WhenAll(silos.Select(silo => silo.Active()));
            var console = new Ff(folder.Root);

            var run = await console.Run(LocalClusterFixture.Request("--json", "--out", folder["cluster"], "--cluster", silos[1].Gateway));
            var reference = await console.Run(LocalClusterFixture.Request("--json", "--out", folder["reference"], "--reference"));

            Assert.True(run.ExitCode == 0, run.Error);
            Assert.True(reference.ExitCode == 0, reference.Error);
            Assert.Equal(reference.Json.GetProperty("stateHash").GetString(), run.Json.GetProperty("stateHash").GetString());
            Assert.Equal(
                silos.Select(silo => silo.Place.Endpoint).Order(),
                run.Json.GetProperty("plan").EnumerateArray().Select(place => place.GetProperty("endpoint").GetString()!).Order()
            );
        }
        finally
        {
            await Task.WhenAll(silos.Select(silo => silo.DisposeAsync().AsTask()));
            redis.Mark?.Kill();
            await (redis.Mark?.Gone() ?? Task.CompletedTask);
        }

        FragileSilo Silo(int host) =>
            FragileSilo.Start(
                folder.Root,
                $"host-{host + 1}",
                network.Place(host),
                new()
                {
                    ["FF_REDIS"] = $"{redis.Address},connectRetry=10",
                    ["FF_CHECKPOINT_FOLDER"] = folder["checkpoints"],
                    ["FF_INSECURE"] = "true",
                }
            );
    }
}
