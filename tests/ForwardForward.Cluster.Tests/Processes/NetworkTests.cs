using System.Text.Json;
using ForwardForward.Cluster.Tests.Deploy;
using ForwardForward.Learning.Tests.Data;

namespace ForwardForward.Cluster.Tests.Processes;

/// <summary>Silos with an address of their own each, as on several machines.</summary>
public sealed class NetworkTests
{
    [NetworkFact]
    public async Task Three_hosts_end_in_the_bytes_of_the_reference()
    {
        using var folder = new TemporaryFolder();
        TinyIdx.Write(folder["tiny"]);
        await using var network = await TestNetwork.Create(hosts: 4);
        using var redis = network.Start(4, "redis-server", "--port", "6379", "--bind", TestNetwork.Address(4), "--protected-mode", "no", "--save", "", "--logfile", "/dev/null");
        var silos = Enumerable.Range(1, 3).Select(host => new SiloProcess(
            new Dictionary<string, string>
            {
                ["FF_REDIS"] = $"{TestNetwork.Address(4)}:6379,connectRetry=10",
                ["FF_NAME"] = $"host-{host}",
                ["FF_INSECURE"] = "true",
                ["FF_ADVERTISED_ADDRESS"] = TestNetwork.Address(host),
            },
            network.On(host))).ToList();
        try
        {
            await Task.WhenAll(silos.Select(silo => silo.Ready()));
            string[] spec = ["--data", folder["tiny"], "--set", "layers=32,64,32", "--set", "batchSize=20", "--set", "epochs=3", "--precision", "fp32", "--json"];
            string[] ff = ["dotnet", Path.Combine(AppContext.BaseDirectory, "ff.dll"), "train", .. spec];
            string[] onCluster = [.. network.On(4), .. ff, "--out", folder["cluster"], "--cluster", $"{TestNetwork.Address(2)}:30000"];

            var run = JsonDocument.Parse((await Command.Run(onCluster[0], onCluster[1..])).Succeeded()).RootElement;
            var reference = JsonDocument.Parse((await Command.Run(ff[0], [.. ff[1..], "--out", folder["reference"], "--reference"])).Succeeded()).RootElement;

            Assert.Equal(reference.GetProperty("stateHash").GetString(), run.GetProperty("stateHash").GetString());
            Assert.Equal(
                Enumerable.Range(1, 3).Select(host => $"{TestNetwork.Address(host)}:11111"),
                run.GetProperty("plan").EnumerateArray().Select(place => place.GetProperty("endpoint").GetString()!).Order());
        }
        finally
        {
            silos.ForEach(silo => silo.Dispose());
            redis.Kill(entireProcessTree: true);
        }
    }
}
