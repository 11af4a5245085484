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

    /// <summary>
    /// Takes requests until each of these paths had one whose body has the name; what is sent first may be from before there was anything
    /// to measure.
    /// </summary>
    /// <returns>Those bodies.</returns>
    public async Task<IReadOnlyList<string>> Until(params (string Path, string Name)[] sent)
    {
        var bodies = new string?[sent.Length];
        while (bodies.Contains(null))
        {
            var context = await _listener.GetContextAsync();
            using var reader = new StreamReader(context.Request.InputStream, Encoding.UTF8);
            var body = await reader.ReadToEndAsync();
            for (var i = 0; i < sent.Length; i++)
            {
                bodies[i] ??=
                    context.Request.Url!.AbsolutePath == sent[i].Path && body.Contains(sent[i].Name, StringComparison.Ordinal)
                        ? body
                        : null;
            }

            context.Response.Close();
        }

        return bodies!;
    }

    public void Dispose() => ((IDisposable)_listener).Dispose();
}
