using System.Formats.Tar;
using ForwardForward.Experiments.Data;
using ForwardForward.Learning;

namespace ForwardForward.Console.Clusters.Hosts;

/// <summary>Makes a host ready to run a silo: asks what it is, and puts there what it lacks.</summary>
/// <param name="cluster">The cluster's id.</param>
/// <param name="say">Takes a line about what takes long.</param>
internal sealed class HostPreparation(string cluster, Action<string> say)
{
    private const double Mega = 1e6;
    private readonly ShippedProgram _runtime = ShippedProgram.Runtime(Cache) ?? new ShippedProgram("", 0);

    /// <summary>What every host is given.</summary>
    public ShippedProgram Program { get; } = ShippedProgram.Own(Cache);

    private static string Cache => Path.Combine(DataSets.DefaultCacheFolder, "programs");

    /// <inheritdoc cref="HostFacts.Ask"/>
    public Task<HostFacts> Ask(ClusterHost host, CancellationToken cancellation) =>
        HostFacts.Ask(host, cluster, Program.Name, _runtime.Name, (Program.Bytes, _runtime.Bytes), cancellation);

    /// <summary>Puts the program there, and .NET where there is none.</summary>
    /// <returns>The program that runs it.</returns>
    public async Task<string> Provide(ClusterHost host, HostFacts facts, CancellationToken cancellation)
    {
        if (!facts.HasProgram)
        {
            await Send(host, facts, Program, "the program", cancellation);
        }

        if (facts.DotNet is { } there)
        {
            return there;
        }

        if (!facts.HasRuntime)
        {
            await Send(host, facts, _runtime, ".NET, which it has not,", cancellation);
        }

        return $"{facts.Home}/programs/{_runtime.Name}/dotnet";
    }

    /// <summary>Puts a known data set there, into the folder that silos look in.</summary>
    /// <exception cref="InvalidInputException">It is not on this machine.</exception>
    public async Task ProvideData(ClusterHost host, string name, CancellationToken cancellation)
    {
        var folder = Path.Combine(DataSets.DefaultCacheFolder, name);
        if (!Directory.Exists(folder))
        {
            throw new InvalidInputException($"--data is '{name}', which is not on this machine, expected it after `ff data get {name}`.");
        }

        var there = "${FF_DATA:-${XDG_CACHE_HOME:-$HOME/.cache}/forwardforward}/" + name;
        if (!(await Ssh.Run(host, $"[ -d \"{there}\" ] && echo yes\nexit 0\n", cancellation)).EndsWith("yes\n", StringComparison.Ordinal))
        {
            say($"{host.Name} is sent {name}.");
            await using var content = new MemoryStream();
            await TarFile.CreateFromDirectoryAsync(folder, content, includeBaseDirectory: false, cancellation);
            content.Position = 0;
            await Ssh.Send(
                host,
                $"set -e; new=\"{there}.new.$$\"; mkdir -p \"$new\"; tar -xf - -C \"$new\"; mv \"$new\" \"{there}\"",
                content,
                cancellation
            );
        }
    }

    private async Task Send(ClusterHost host, HostFacts facts, ShippedProgram what, string called, CancellationToken cancellation)
    {
        say($"{host.Name} is sent {called} once, {what.Bytes / Mega:0} MB.");
        await what.Send(host, facts.Home, cancellation);
    }
}
