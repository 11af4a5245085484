namespace ForwardForward.Experiments.Data.Sources;

/// <summary>A web folder that serves the files as they are, each of up to some hundred megabytes.</summary>
/// <param name="address">Without a slash at its end.</param>
/// <param name="handler">Answers instead of the network.</param>
internal sealed class HttpsFile(string address, HttpMessageHandler? handler = null) : IDataSource
{
    private const long MaxBytes = 512L << 20;
    private const int BufferBytes = 1 << 20;

    // As for mirrors: without a network the next source must come soon.
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan FileTimeout = TimeSpan.FromMinutes(30);

    public string Name => $"the site {new Uri(address).Host}";

    public void Fetch(IReadOnlyList<string> files, string folder, CancellationToken ct)
    {
        using var client = new HttpClient(
            handler ?? new SocketsHttpHandler { ConnectTimeout = ConnectTimeout },
            disposeHandler: handler is null
        )
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(ct);
        deadline.CancelAfter(FileTimeout * files.Count);
        try
        {
            foreach (var file in files)
            {
                Fetch(client, new Uri($"{address}/{file}"), Path.Combine(folder, file), deadline.Token).GetAwaiter().GetResult();
            }
        }
        catch (OperationCanceledException e) when (!ct.IsCancellationRequested)
        {
            throw new IOException($"no end within {(FileTimeout * files.Count).TotalMinutes} minutes", e);
        }
    }

    private static async Task Fetch(HttpClient client, Uri from, string path, CancellationToken ct)
    {
        using var answer = await client.GetAsync(from, HttpCompletionOption.ResponseHeadersRead, ct);
        answer.EnsureSuccessStatusCode();
        await using var content = await answer.Content.ReadAsStreamAsync(ct);
        await using var file = File.Create(path);
        var buffer = new byte[BufferBytes];
        for (int read; (read = await content.ReadAsync(buffer, ct)) > 0; )
        {
            if (file.Length + read > MaxBytes)
            {
                throw new IOException($"it sends more than {MaxBytes} bytes");
            }

            await file.WriteAsync(buffer.AsMemory(0, read), ct);
        }
    }
}
