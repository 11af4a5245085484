using ForwardForward.Chaos;
using ForwardForward.Contracts.Experiments;
using ForwardForward.Learning.Data;
using ForwardForward.Learning.Native;
using ForwardForward.Learning.Specs;
using ForwardForward.Runtime.Hosting;
using ForwardForward.Silo.Live;

namespace ForwardForward.Silo.Tests.Live;

/// <summary>A silo in this process, with what is asked of its runs by HTTP.</summary>
public sealed class LiveSilo : IAsyncLifetime, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ff-live-").FullName;
    private EmbeddedCluster _cluster = null!;
    private LiveServer _server = null!;

    public HttpClient Client { get; } = new();

    public async Task InitializeAsync()
    {
        LibTorch.EnsureLoaded();
        _cluster = await EmbeddedCluster.Start(1, Path.Combine(_folder, "cache"), Path.Combine(_folder, "checkpoints"));
        _server = await LiveServer.Start();
        _server.Open(_cluster.Grains, _cluster.Data);
        Client.BaseAddress = new Uri(_server.Address);
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        await _cluster.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    public void Dispose() => Client.Dispose();

    /// <summary>What runs learn from.</summary>
    internal DataSet Data => _cluster.Data.Open(Folder("tiny"));

    /// <param name="data">Name of the folder of its data.</param>
    internal async Task<IExperimentGrain> Start(string run, int epochs, string data = "tiny")
    {
        var spec = Presets.Get("supervised-quick") with
        {
            Dataset = TinyIdx.Write(Folder(data)),
            Layers = [16, 16],
            BatchSize = 20,
            Epochs = epochs,
            Precision = Precision.Fp32,
        };
        var experiment = _cluster.Grains.GetGrain<IExperimentGrain>(run);
        await experiment.Start(new RunRequest(spec));
        return experiment;
    }

    /// <summary>Takes data away.</summary>
    internal void Forget(string data) => Directory.Delete(Folder(data), recursive: true);

    private string Folder(string data) => Path.Combine(_folder, data);
}
