using System.Net;
using System.Security.Cryptography;
using ForwardForward.Experiments.Data;
using ForwardForward.Experiments.Data.Sources;
using ForwardForward.Learning.Data;

namespace ForwardForward.Learning.Tests.Data;

internal sealed class FakeSource(string name, Action<string> fetch) : IDataSource
{
    public string Name => name;

    public int Asked { get; private set; }

    public void Fetch(IReadOnlyList<string> files, string folder, CancellationToken ct)
    {
        Asked++;
        fetch(folder);
        ct.ThrowIfCancellationRequested();
    }
}

/// <summary>Serves a folder's files by their names, and 404 for any other.</summary>
internal sealed class FakeWeb(string folder) : HttpMessageHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var path = Path.Combine(folder, Path.GetFileName(request.RequestUri!.AbsolutePath));
        return Task.FromResult(
            File.Exists(path)
                ? new HttpResponseMessage { Content = new ByteArrayContent(File.ReadAllBytes(path)) }
                : new HttpResponseMessage(HttpStatusCode.NotFound)
        );
    }
}

internal static class Known
{
    /// <summary>A data set "tiny" whose published bytes are those of the folder.</summary>
    public static IReadOnlyList<KnownDataSet> Tiny(string folder, params IDataSource[] sources) =>
        [new("tiny", "a few images", new PublishedIdxFiles([.. IdxFolder.Files.Select(file => Published(folder, file))]), sources)];

    private static KnownFile Published(string folder, string file)
    {
        var bytes = File.ReadAllBytes(Path.Combine(folder, file));
        return new KnownFile(file, bytes.Length, Convert.ToHexStringLower(SHA256.HashData(bytes)));
    }
}
