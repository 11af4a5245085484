using ForwardForward.Client;

namespace ForwardForward.Console.Clusters.Hosts;

internal sealed partial class HostCluster
{
    private string KeptFolder => Path.Combine(folder, "kept");

    private string Fetched(StartedHost host) => Path.Combine(KeptFolder, $"{host.Host.Name}.tar.gz");

    /// <summary>What became of a cluster that was taken down.</summary>
    /// <param name="Silos">How many were stopped.</param>
    /// <param name="Runs">Those whose files were fetched.</param>
    /// <param name="Lost">A sentence for each host that could not be reached.</param>
    internal sealed record Ended(int Silos, IReadOnlyList<string> Runs, IReadOnlyList<string> Lost);

    /// <summary>
    /// Stops everything on the hosts, fetches what is needed to go on with its runs, and removes what it left there but the program. A host
    /// that cannot be reached stays known, for another try.
    /// </summary>
    /// <param name="keepsRuns">False: nothing is fetched, and silos are ended at once.</param>
    public async Task<Ended> Down(bool keepsRuns, CancellationToken cancellation)
    {
        var touched = Known.Hosts.Where(host => host.IsTouched).ToList();
        List<string> lost = [];
        HashSet<string> unreachable = [];
        var runs = new HashSet<string>(Known.Kept);
        var silos = 0;
        async Task<string> Tried(StartedHost host, Func<Task<string>> work)
        {
            try
            {
                return unreachable.Contains(host.Host.Name) ? "" : await work();
            }
            catch (ClusterUnreachableException e)
            {
                lock (lost)
                {
                    unreachable.Add(host.Host.Name);
                    lost.Add($"{e.Message[..^1]}; what runs there and its files stay there, and `ff cluster down` tries again.");
                }

                return "";
            }
        }

        Task Each(Func<StartedHost, Task<string>> work) => Task.WhenAll(touched.Select(host => Tried(host, () => work(host))));
        await Each(async host =>
        {
            var said = await Ssh.Run(host.Host, SiloScript.Stop(host.State(Known.ClusterId), keepsRuns), cancellation);
            lock (lost)
            {
                silos += said.Contains("stopped=", StringComparison.Ordinal) ? 1 : 0;
                runs.UnionWith(said.Split('\n').Where(line => line.StartsWith("run=", StringComparison.Ordinal)).Select(line => line[4..]));
            }

            return said;
        });
        await Each(host =>
            host.Host.Name == Known.RedisHost
                ? Ssh.Run(host.Host, RedisScript.Stop(host.State(Known.ClusterId)), cancellation)
                : Task.FromResult("")
        );
        if (keepsRuns && runs.Count > 0)
        {
            say("The runs' checkpoints are fetched from the hosts.");
            await Each(host => Fetch(host, cancellation));
        }

        await Each(Clear);
        Know(
            Known with
            {
                Hosts =
                [
                    .. Known.Hosts.Select(host =>
                        unreachable.Contains(host.Host.Name) ? host : host with { Silo = null, IsTouched = false }
                    ),
                ],
                Kept = keepsRuns ? [.. runs.Order(StringComparer.Ordinal)] : [],
            }
        );
        return new Ended(silos, keepsRuns ? [.. runs.Order(StringComparer.Ordinal)] : [], lost);
    }

    /// <summary>Stops everything, and removes every file of it here and there, but for the program.</summary>
    public async Task<Ended> Purge(CancellationToken cancellation)
    {
        var ended = await Down(keepsRuns: false, cancellation);
        if (ended.Lost.Count == 0)
        {
            Forget();
        }

        return ended;
    }

    private void Forget()
    {
        Directory.Delete(folder, recursive: true);
        _known = null;
    }

    private async Task<string> Fetch(StartedHost host, CancellationToken cancellation)
    {
        Directory.CreateDirectory(KeptFolder);
        var part = $"{Fetched(host)}.part";
        await using (var file = File.Create(part))
        {
            await Ssh.Fetch(
                host.Host,
                $"cd {Ssh.Word(host.State(Known.ClusterId))} 2>/dev/null || exit 0; mkdir -p redis checkpoints; "
                    + "tar -czf - --exclude=redis/tls --exclude=redis/secret.conf redis checkpoints",
                file,
                cancellation
            );
        }

        if (new FileInfo(part).Length > 0)
        {
            File.Move(part, Fetched(host), overwrite: true);
        }
        else
        {
            File.Delete(part); // nothing was there
        }

        return "";
    }

    private async Task Restore(StartedHost host, CancellationToken cancellation)
    {
        if (File.Exists(Fetched(host)))
        {
            say($"{host.Host.Name} is sent the checkpoints that it had.");
            var state = Ssh.Word(host.State(Known.ClusterId));
            await using var file = File.OpenRead(Fetched(host));
            await Ssh.Send(host.Host, $"umask 077; mkdir -p {state} && tar -xzf - -C {state}", file, cancellation);
        }
    }

    private void DeleteFetched()
    {
        Know(Known with { Kept = [] });
        if (Directory.Exists(KeptFolder))
        {
            Directory.Delete(KeptFolder, recursive: true);
        }
    }

    private Task<string> Clear(StartedHost host) =>
        Ssh.Run(
            host.Host,
            $"rm -rf {Ssh.Word(host.State(Known.ClusterId))}\nrmdir {Ssh.Word($"{host.Home}/clusters")} 2>/dev/null\nexit 0\n",
            CancellationToken.None
        );

    // After a start that failed: whoever cannot be reached now has nothing, or is told of.
    private async Task TakeBack(HostClusterFile? last)
    {
        var ended = await Down(keepsRuns: false, CancellationToken.None);
        foreach (var sentence in ended.Lost)
        {
            say(sentence);
        }

        if (ended.Lost.Count == 0 && last is not null)
        {
            Know(last);
        }
        else if (ended.Lost.Count == 0)
        {
            Forget();
        }
    }
}
