using ForwardForward.Client;
using ForwardForward.Client.Processes;
using ForwardForward.Console.Tests;
using ForwardForward.Contracts.Experiments;

namespace ForwardForward.Cluster.Tests.Processes;

/// <summary>A silo process that a test starts with the settings it wants, breaks and asks; killed at the end.</summary>
internal sealed class FragileSilo : IAsyncDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan MaxRun = TimeSpan.FromMinutes(5); // seconds on a machine with nothing else to do
    private readonly SiloProcess _silo;
    private readonly string _errors;
    private ClusterConnection? _client;

    private FragileSilo(SiloProcess silo, string errors) => (_silo, _errors) = (silo, errors);

    public string Name => _silo.Name;

    public SiloPlace Place => _silo.Place;

    public ProcessMark Process => _silo.Mark;

    public string Gateway => Place.Gateway;

    /// <param name="folder">For its log, which it shares with earlier processes of its name.</param>
    /// <param name="settings">Environment variables, beside its name and its place.</param>
    public static FragileSilo Start(string folder, string name, SiloPlace place, Dictionary<string, string> settings) =>
        Start(SiloProcess.Silo, folder, name, place, settings);

    /// <param name="program">A program that is a silo.</param>
    public static FragileSilo Start(string program, string folder, string name, SiloPlace place, Dictionary<string, string> settings)
    {
        var (log, errors) = (Path.Combine(folder, $"{name}.log"), Path.Combine(folder, $"{name}.errors"));
        Array.ForEach([log, errors], file => File.AppendAllText(file, "")); // the process makes them later, if it comes to that
        settings.TryAdd("FF_MATRIX_RATE", Ff.MatrixRate);
        return new FragileSilo(SiloProcess.Start(name, place, log, settings, errors: errors, program: program), errors);
    }

    /// <summary>Lines of its log, and of what it wrote to stderr.</summary>
    public string[] Said(string part) =>
        [.. File.ReadLines(_silo.Log).Concat(File.ReadLines(_errors)).Where(line => line.Contains(part, StringComparison.Ordinal))];

    /// <summary>Waits until it says so.</summary>
    public Task Says(string part) => Event.Of($"{Name} says '{part}'", () => Task.FromResult(Said(part).Length > 0), Timeout, LastWords);

    /// <summary>The coordinator of a run, asked through this silo and no other.</summary>
    public async Task<IExperimentGrain> Coordinator(string run)
    {
        _client ??= await ClusterConnection.Connect(Gateway, ClusterConnection.DefaultClusterId, CancellationToken.None, onlyThere: true);
        return _client.Grains.GetGrain<IExperimentGrain>(run);
    }

    /// <summary>Asks for a run until it is as wanted.</summary>
    public async Task<RunStatus> Until(string run, Func<RunStatus, bool> wanted, TimeSpan? longest = null)
    {
        var coordinator = await Coordinator(run);
        RunStatus? status = null;
        await Event.Of(
            $"the run {run} is as wanted",
            async () => wanted(status = await LostSilo.Outlast(_client!, coordinator.Status)),
            longest ?? Timeout,
            Instead
        );
        return status!;

        string Instead() =>
            $"It is {status!.State}, generation {status.Generation}, at slot {status.Slot} of {status.Slots}, with its last "
            + $"checkpoint at {status.LastCheckpointSlot}. {status.Error} {LastWords()}";
    }

    /// <summary>
    /// Waits until the run is as wanted and has kept its state since, and holds every state that it has kept against the reference.
    /// </summary>
    /// <param name="wanted">Null: as it is.</param>
    public async Task<RunStatus> GoesOnAsTheReference(
        string run,
        Func<RunStatus, bool>? wanted = null,
        IReadOnlyList<Lesson>? lessons = null
    )
    {
        var reached = await Until(run, status => status.State == RunState.Running && wanted?.Invoke(status) != false, MaxRun);
        return await ReferenceTraces.Hold(
            reached.Slot,
            async next =>
            {
                var coordinator = await Coordinator(run);
                return await LostSilo.Outlast(_client!, () => coordinator.Watch(next));
            },
            lessons
        );
    }

    /// <summary>Waits until the process is gone.</summary>
    public Task Ended() => Event.Of($"{Name} ends", () => Task.FromResult(!Process.IsAlive), Timeout, LastWords);

    /// <summary>Waits for a silo that ends by itself.</summary>
    public async Task<(int ExitCode, string Error)> End()
    {
        var exitCode = await _silo.Exit.WaitAsync(Timeout);
        return (exitCode, (await File.ReadAllTextAsync(_errors)).Trim());
    }

    /// <summary>Waits until it answers that it is active.</summary>
    public Task Active() =>
        Event.Of(
            $"{Name} is active",
            () =>
            {
                Assert.True(Process.IsAlive, Process.IsAlive ? "" : $"{Name} ended before it was active: {LastWords()}");
                return _silo.IsActive(CancellationToken.None);
            },
            Timeout,
            LastWords
        );

    private string LastWords() => $"{Name} says:{Environment.NewLine}{string.Join(Environment.NewLine, Said("").TakeLast(20))}";

    public async ValueTask DisposeAsync()
    {
        await (_client?.DisposeAsync() ?? ValueTask.CompletedTask);
        Process.Kill();
        await Ended();
    }
}
