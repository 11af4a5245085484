using System.Collections.Frozen;
using System.Security.Cryptography;
using Microsoft.Net.Http.Headers;

namespace ForwardForward.Silo.Live;

/// <summary>
/// <c>GET /live</c>: the page on which people draw and see the network answer, and its parts, all of them from this silo and none from
/// elsewhere.
/// </summary>
internal static class LivePage
{
    public const string Path = "/live";

    /// <summary>Pictures that the server answers, and that somebody drops, are in the page itself.</summary>
    public const string Policy =
        "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private const string Folder = "ForwardForward.Silo.Live.Page.";
    private const string Page = "live.html";

    private static readonly FrozenDictionary<string, string> Types = new Dictionary<string, string>
    {
        [".html"] = "text/html; charset=utf-8",
        [".css"] = "text/css; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<string, Part> Parts = typeof(LivePage)
        .Assembly.GetManifestResourceNames()
        .Where(name => name.StartsWith(Folder, StringComparison.Ordinal))
        .ToFrozenDictionary(name => name[Folder.Length..], Read);

    public static void MapLivePage(this IEndpointRouteBuilder app)
    {
        app.MapGet(Path, (HttpContext context) => Answer(context, Page)).ExcludeFromDescription();
        app.MapGet($"{Path}/{{part}}", (HttpContext context, string part) => Answer(context, part)).ExcludeFromDescription();
    }

    private static IResult Answer(HttpContext context, string name)
    {
        if (!Parts.TryGetValue(name, out var part))
        {
            return Results.Problem("The page has no such part.", statusCode: StatusCodes.Status404NotFound);
        }

        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers.CacheControl = "no-cache"; // a silo of the next version has another; the tag spares sending the same again
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        return Results.Bytes(part.Content, part.Type, entityTag: part.Tag);
    }

    private static Part Read(string name)
    {
        using var stream = typeof(LivePage).Assembly.GetManifestResourceStream(name)!;
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        return new Part(
            content,
            Types[System.IO.Path.GetExtension(name)],
            new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(content)[..8])}\"")
        );
    }

    private sealed record Part(byte[] Content, string Type, EntityTagHeaderValue Tag);
}
