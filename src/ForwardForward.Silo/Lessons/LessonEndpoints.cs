using System.Globalization;
using ForwardForward.Contracts.Access;
using ForwardForward.Contracts.Experiments;
using ForwardForward.Learning;
using ForwardForward.Learning.Convolutions;
using ForwardForward.Learning.Specs;
using ForwardForward.Runtime.Access;
using ForwardForward.Silo.Predictions;

namespace ForwardForward.Silo.Lessons;

/// <summary>
/// <c>POST /teach?run=NAME&amp;label=7&amp;id=ID</c> with a PNG or JPEG: a picture that the run learns on its way; <c>GET /lessons</c> what
/// it was taught, <c>DELETE /lessons/ID</c> shows one no more. What cannot be done is a problem (RFC 9457) of one sentence.
/// </summary>
internal static class LessonEndpoints
{
    public const string TeachPath = "/teach";
    public const string LessonsPath = "/lessons";
    private const int MaxShown = 200;

    public static void MapLessons(this IEndpointRouteBuilder app)
    {
        app.MapPost(
                TeachPath,
                (HttpRequest request, IGrainFactory grains, string? run = null, string? label = null, string? id = null) =>
                    Of(run, () => Teach(request, grains, run!, label, id))
            )
            .Produces<TaughtAnswer>()
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
            .ProducesProblem(StatusCodes.Status429TooManyRequests)
            .MayRefuse()
            .WithSummary("Teaches a run that trains what a picture shows.")
            .WithMetadata(new AllowRoleAttribute(ClusterRole.Operator) { IsAudited = true });
        app.MapGet(LessonsPath, (IGrainFactory grains, string? run = null) => Of(run, () => List(grains, run!)))
            .Produces<LessonsAnswer>()
            .MayRefuse()
            .WithSummary($"The {MaxShown} newest lessons of a run.")
            .WithMetadata(new AllowRoleAttribute(ClusterRole.Operator));
        app.MapDelete(
                LessonsPath + "/{id}",
                (IGrainFactory grains, string id, string? run = null) => Of(run, () => TakeBack(grains, run!, id))
            )
            .Produces<TaughtAnswer>()
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .MayRefuse()
            .WithSummary("Shows a lesson no more.")
            .WithMetadata(new AllowRoleAttribute(ClusterRole.Operator) { IsAudited = true });
    }

    private static RouteHandlerBuilder MayRefuse(this RouteHandlerBuilder endpoint)
    {
        foreach (
            var status in new[]
            {
                StatusCodes.Status400BadRequest,
                StatusCodes.Status404NotFound,
                StatusCodes.Status409Conflict,
                StatusCodes.Status503ServiceUnavailable,
            }
        )
        {
            endpoint.ProducesProblem(status);
        }

        return endpoint;
    }

    private static async Task<IResult> Of(string? run, Func<Task<IResult>> answer)
    {
        if (run is null or { Length: 0 or > PredictEndpoint.MaxName })
        {
            return PredictEndpoint.Problem(
                StatusCodes.Status400BadRequest,
                "The name of the run is missing or too long, expected the parameter run=NAME."
            );
        }

        try
        {
            return await answer();
        }
        catch (BadHttpRequestException e)
        {
            return PredictEndpoint.Problem(
                e.StatusCode,
                $"The picture cannot be taken ({e.Message.TrimEnd('.')}), expected at most {PredictLimits.MaxBytes} bytes."
            );
        }
        catch (InvalidInputException e)
        {
            return PredictEndpoint.Problem(StatusCodes.Status409Conflict, e.Message);
        }
        catch (BusyException e)
        {
            return PredictEndpoint.Problem(StatusCodes.Status503ServiceUnavailable, e.Message);
        }
        catch (Exception e) when (e is TimeoutException or OrleansException)
        {
            return PredictEndpoint.Problem(
                StatusCodes.Status503ServiceUnavailable,
                $"The run '{run}' does not answer now: send it again with the same id."
            );
        }
    }

    private static async Task<IResult> Teach(HttpRequest request, IGrainFactory grains, string run, string? label, string? id)
    {
        if (!int.TryParse(label, NumberStyles.None, CultureInfo.InvariantCulture, out var shows))
        {
            return PredictEndpoint.Problem(
                StatusCodes.Status400BadRequest,
                $"The label is '{label}', expected what the picture shows, as POST {TeachPath}?run={run}&label=7."
            );
        }

        if (PredictEndpoint.WrongType(request) is { } wrong)
        {
            return wrong;
        }

        var experiment = grains.GetGrain<IExperimentGrain>(run);
        if (await Status(experiment) is not { } status)
        {
            return Unknown(run);
        }

        var (picture, _, problem) = await PredictEndpoint.Picture(status, await PredictEndpoint.Body(request), FigurePlacement.Auto);
        if (picture is null)
        {
            return problem!;
        }

        var who = request.HttpContext.Features.Get<Caller>()?.Name ?? $"http {request.HttpContext.Connection.RemoteIpAddress}";
        var lesson = new Lesson(id is null or "" ? Guid.NewGuid().ToString("N") : id, picture, shows) { Who = who };
        return Results.Ok(TaughtAnswer.Of(run, await experiment.Teach(lesson)));
    }

    private static async Task<IResult> TakeBack(IGrainFactory grains, string run, string id)
    {
        var experiment = grains.GetGrain<IExperimentGrain>(run);
        return await Status(experiment) is null ? Unknown(run) : Results.Ok(TaughtAnswer.Of(run, await experiment.TakeBack(id)));
    }

    private static async Task<IResult> List(IGrainFactory grains, string run)
    {
        var experiment = grains.GetGrain<IExperimentGrain>(run);
        if (await Status(experiment) is not { } status)
        {
            return Unknown(run);
        }

        var lessons = new List<Lesson>();
        while (await experiment.Lessons(Math.Max(0, status.Lessons - MaxShown) + lessons.Count) is { Count: > 0 } more)
        {
            lessons.AddRange(more);
        }

        var shape = PictureShape.Find(status.Spec.Images, status.Data?.Pixels ?? 0);
        return Results.Ok(
            new LessonsAnswer(
                run,
                status.Lessons,
                [
                    .. lessons.Select(lesson => new LessonAnswer(
                        lesson.Id,
                        lesson.Label,
                        lesson.Who,
                        lesson.At,
                        lesson.Batch,
                        lesson.Slot,
                        lesson.Sha256,
                        lesson.TakenBack,
                        shape is { } found ? PredictEndpoint.DataUri(lesson.Pixels, found) : ""
                    )),
                ]
            )
        );
    }

    private static IResult Unknown(string run) => PredictEndpoint.Problem(StatusCodes.Status404NotFound, $"There is no run named '{run}'.");

    private static async Task<RunStatus?> Status(IExperimentGrain experiment)
    {
        try
        {
            return await experiment.Status();
        }
        catch (InvalidInputException)
        {
            return null;
        }
    }
}
