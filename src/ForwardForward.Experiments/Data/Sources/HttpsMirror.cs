namespace ForwardForward.Experiments.Data.Sources;

/// <summary>A web folder that serves the files as .gz.</summary>
/// <param name="address">Without a slash at its end.</param>
/// <param name="handler">Answers instead of the network.</param>
internal sealed class HttpsMirror(string address, HttpMessageHandler? handler = null) : IDataSource
{
    private const int MaxBytesPerFile = 64 << 20;

    // Without a network, or behind a wall that drops packets, the next source must come soon.
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan FileTimeout = TimeSpan.FromMinutes(5);

    public string Name => $"the mirror {new Uri(address).Host}";

    public void Fetch(IReadOnlyList<string> files, string folder, CancellationToken ct)
    {
        using var client = new HttpClient(
            handler ?? new SocketsHttpHandler { ConnectTimeout = ConnectTimeout },
            disposeHandler: handler is null
        )
        {
            Timeout = FileTimeout,
            MaxResponseContentBufferSize = MaxBytesPerFile,
        };
        foreach (var file in files)
        {
            var bytes = client.GetByteArrayAsync(new Uri($"{address}/{file}.gz"), ct).GetAwaiter().GetResult();
            File.WriteAllBytes(Path.Combine(folder, $"{file}.gz"), bytes);
        }
    }
}
