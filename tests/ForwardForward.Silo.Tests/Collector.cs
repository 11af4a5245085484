using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ForwardForward.Silo.Tests;

/// <summary>Takes what is sent by OTLP over HTTP; names in it are plain UTF-8.</summary>
internal sealed class Collector : IDisposable
{
    private readonly HttpListener _listener = new();

    public Collector()
    {
        using (var free = new TcpListener(IPAddress.Loopback, 0))
        {
            free.Start();
            Address = $"http://127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}";
        }

        _listener.Prefixes.Add($"{Address}/");
        _listener.Start();
    }

    public string Address { get; }

    /// <summary>Takes requests until each of these paths had one with a body.</summary>
    /// <returns>The first body of each.</returns>
    public async Task<IReadOnlyDictionary<string, string>> Until(params string[] paths)
    {
        var bodies = new Dictionary<string, string>();
        while (!Array.TrueForAll(paths, bodies.ContainsKey))
        {
            var context = await _listener.GetContextAsync();
            using var reader = new StreamReader(context.Request.InputStream, Encoding.UTF8);
            bodies.TryAdd(context.Request.Url!.AbsolutePath, await reader.ReadToEndAsync());
            context.Response.Close();
        }

        return bodies;
    }

    public void Dispose() => ((IDisposable)_listener).Dispose();
}
