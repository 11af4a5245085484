using System.Globalization;
using Microsoft.Extensions.Primitives;

namespace ForwardForward.Silo.Live;

/// <summary>
/// <c>GET /api/runs/{run}/events</c>: how a run goes on, as server-sent events <c>status</c>, <c>layer</c> and <c>evaluation</c>. The
/// stream ends when the run is over.
/// </summary>
internal static class RunEventsEndpoint
{
    private const string LastEvent = "Last-Event-ID";

    public static void MapRunEvents(this IEndpointRouteBuilder app) =>
        app.MapGet($"{RunsEndpoint.Path}/{{run}}/events", Follow)
            .Produces<string>(StatusCodes.Status200OK, "text/event-stream")
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status429TooManyRequests)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
            .WithSummary("Server-sent events status, layer and evaluation, all that was measured first; ends with the run.");

    private static Task<IResult> Follow(string run, HttpContext context, IGrainFactory grains, EventStreams streams) =>
        RunsEndpoint.WithStatus(
            grains,
            run,
            (experiment, _) =>
            {
                if (streams.Open(context.RequestAborted) is not { } stream)
                {
                    return Results.Problem(
                        $"Runs are watched by as many as a silo serves, which is {EventStreams.Most}: ask again later, or another silo.",
                        statusCode: StatusCodes.Status429TooManyRequests
                    );
                }

                context.Response.RegisterForDispose(stream);
                var (generation, next) = After(context.Request.Headers[LastEvent]);
                return TypedResults.ServerSentEvents(RunEventStream.Of(experiment, generation, next, stream.End));
            }
        );

    // What a browser that comes back had last, as RunEventStream numbers it.
    private static (int Generation, long Next) After(StringValues last) =>
        last.ToString().Split('.') is [var generation, var sequence]
        && int.TryParse(generation, NumberStyles.None, CultureInfo.InvariantCulture, out var known)
        && long.TryParse(sequence, NumberStyles.None, CultureInfo.InvariantCulture, out var had)
            ? (known, had + 1)
            : (0, 0);
}
