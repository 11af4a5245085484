namespace ForwardForward.Silo.Live;

/// <summary>
/// A page of another site may not ask a silo, or teach a run, in the name of who looks at it. Programs that are no browsers name no origin.
/// </summary>
internal static class OriginGuard
{
    public static void UseOriginGuard(this IApplicationBuilder app) =>
        app.Use((context, next) => IsForeign(context.Request) ? Refuse(context) : next(context));

    // A proxy may have taken off the encryption, so the scheme is not compared.
    private static bool IsForeign(HttpRequest request) =>
        !HttpMethods.IsGet(request.Method)
        && !HttpMethods.IsHead(request.Method)
        && !HttpMethods.IsOptions(request.Method)
        && request.Headers.Origin.ToString() is { Length: > 0 } origin
        && !(
            Uri.TryCreate(origin, UriKind.Absolute, out var from)
            && string.Equals(from.Authority, WithoutUsualPort(from, request.Host), StringComparison.OrdinalIgnoreCase)
        );

    // A browser leaves out the port that a scheme has anyway; a proxy may write it.
    private static string WithoutUsualPort(Uri origin, HostString host) =>
        host.Port is { } port && origin.IsDefaultPort && port == origin.Port ? host.Host : host.ToUriComponent();

    private static Task Refuse(HttpContext context) =>
        Results
            .Problem(
                $"The page is of another site ({Shown(context.Request.Headers.Origin.ToString())}), expected one of "
                    + $"{context.Request.Host.ToUriComponent()} or a program.",
                statusCode: StatusCodes.Status403Forbidden
            )
            .ExecuteAsync(context);

    private static string Shown(string origin)
    {
        const int Longest = 100;
        return origin.Length <= Longest ? origin : $"{origin[..Longest]}...";
    }
}
