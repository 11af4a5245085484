using ForwardForward.Contracts.Access;
using ForwardForward.Contracts.Experiments;
using ForwardForward.Experiments.Data.Pictures;
using ForwardForward.Learning;
using ForwardForward.Learning.Convolutions;
using ForwardForward.Learning.Data;
using ForwardForward.Learning.Specs;
using Microsoft.Net.Http.Headers;

namespace ForwardForward.Silo.Predictions;

/// <summary>
/// <c>POST /predict?run=NAME</c> with a PNG or JPEG: what the run's network takes it for. What cannot be answered is a problem (RFC 9457)
/// of one sentence.
/// </summary>
internal static class PredictEndpoint
{
    public const string Path = "/predict";
    internal const int MaxName = 200;
    private static readonly Dictionary<string, FigurePlacement> Placements = new()
    {
        ["centred"] = FigurePlacement.Centred,
        ["filling"] = FigurePlacement.Filling,
        ["asIs"] = FigurePlacement.AsIs,
    };

    internal static readonly string[] Types = ["image/png", "image/jpeg"];

    public static void MapPredict(this IEndpointRouteBuilder app) =>
        app.MapPost(Path, Predict)
            .Produces<PredictAnswer>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
            .ProducesProblem(StatusCodes.Status429TooManyRequests)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
            .WithSummary("What a run's network takes a picture for; with layers=true also what each layer finds by its own goodness.")
            .WithMetadata(new AllowRoleAttribute(ClusterRole.Operator));

    private static async Task<IResult> Predict(
        HttpRequest request,
        IGrainFactory grains,
        string? run = null,
        string? show = null,
        string? figures = null,
        string? layers = null
    )
    {
        if (run is null or { Length: 0 or > MaxName })
        {
            return Problem(StatusCodes.Status400BadRequest, $"The name of the run is missing or too long, expected POST {Path}?run=NAME.");
        }

        if (NeitherTrueNorFalse(("show", show), ("layers", layers)) is { } unclear)
        {
            return unclear;
        }

        if (Placement(figures) is not { } placement)
        {
            return Problem(
                StatusCodes.Status400BadRequest,
                $"The parameter figures is '{figures}', expected {string.Join(" or ", Placements.Keys)}, as POST "
                    + $"{Path}?run=NAME&figures=asIs."
            );
        }

        if (WrongType(request) is { } wrong)
        {
            return wrong;
        }

        try
        {
            return await Answer(
                grains.GetGrain<IExperimentGrain>(run),
                run,
                await Body(request),
                placement,
                show is "true",
                layers is "true"
            );
        }
        catch (BadHttpRequestException e)
        {
            return Problem(
                e.StatusCode,
                $"The picture cannot be taken ({e.Message.TrimEnd('.')}), expected at most {PredictLimits.MaxBytes} bytes."
            );
        }
        catch (BusyException e)
        {
            return Problem(StatusCodes.Status429TooManyRequests, e.Message);
        }
        catch (Exception e) when (e is TimeoutException or OrleansException)
        {
            return Problem(StatusCodes.Status503ServiceUnavailable, $"The run '{run}' does not answer now: ask again later.");
        }
    }

    private static IResult? NeitherTrueNorFalse(params ReadOnlySpan<(string Name, string? Value)> parameters)
    {
        foreach (var (name, value) in parameters)
        {
            if (value is not (null or "true" or "false"))
            {
                return Problem(
                    StatusCodes.Status400BadRequest,
                    $"The parameter {name} is neither true nor false, expected POST {Path}?run=NAME&{name}=true."
                );
            }
        }

        return null;
    }

    private static async Task<IResult> Answer(
        IExperimentGrain experiment,
        string run,
        byte[] body,
        FigurePlacement placement,
        bool shows,
        bool tries
    )
    {
        RunStatus status;
        try
        {
            status = await experiment.Status();
        }
        catch (InvalidInputException e)
        {
            return Problem(StatusCodes.Status404NotFound, e.Message);
        }

        var (picture, shape, problem) = await Picture(status, body, placement);
        if (picture is null)
        {
            return problem!;
        }

        try
        {
            var answer = tries ? await WithLayers(experiment, picture) : await experiment.Predict(picture);
            var names = ClassNames.Split(status.Spec.Images.ClassNames);
            var seen = Array.IndexOf(answer.Probabilities, answer.Probabilities.Max());
            return Results.Ok(
                new PredictAnswer(
                    run,
                    answer.Slot,
                    answer.IsLive,
                    answer.Test.ToString().ToLowerInvariant(),
                    seen,
                    names?[seen],
                    answer.Probabilities,
                    shows ? DataUri(picture, shape!.Value) : null
                )
                {
                    Layers = LayerFinding.Of(answer, names),
                }
            );
        }
        catch (InvalidInputException e)
        {
            return Problem(StatusCodes.Status409Conflict, e.Message);
        }
    }

    // A coordinator of a version before this one knows no such question: its answer has no layers then.
    private static async Task<PredictionResult> WithLayers(IExperimentGrain experiment, byte[] picture)
    {
        try
        {
            return await experiment.PredictLayers(picture);
        }
        catch (Exception e) when (e is not (InvalidInputException or BusyException or TimeoutException))
        {
            return await experiment.Predict(picture);
        }
    }

    /// <summary>A picture as a run's network is shown it, or why it cannot be.</summary>
    internal static async Task<(byte[]? Picture, PictureShape? Shape, IResult? Problem)> Picture(
        RunStatus status,
        byte[] body,
        FigurePlacement placement
    )
    {
        var pixels = status.Data?.Pixels ?? 0;
        if (PictureShape.Find(status.Spec.Images, pixels) is not { } shape)
        {
            var what = pixels == 0 ? "has not begun" : $"takes images of {pixels} pixels, which are not square";
            return (
                null,
                null,
                Problem(StatusCodes.Status409Conflict, $"The run '{status.Run}' {what}, expected one that has learned from square images.")
            );
        }

        await PredictLimits.Decoding.WaitAsync();
        try
        {
            var frame = PictureFrame.Of(status.Spec, pixels, placement == FigurePlacement.Auto ? null : placement);
            return (await Task.Run(() => ImageFile.Read(body, "The picture", frame, PredictLimits.MaxPixelsAtOnce)), shape, null);
        }
        catch (InvalidInputException e)
        {
            return (null, null, Problem(StatusCodes.Status400BadRequest, e.Message));
        }
        finally
        {
            PredictLimits.Decoding.Release();
        }
    }

    /// <returns>A refusal where the body is no picture by its type, whatever parameters follow; null: it is one.</returns>
    internal static IResult? WrongType(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
        && Types.Contains(type.MediaType.Value, StringComparer.OrdinalIgnoreCase)
            ? null
            : Problem(
                StatusCodes.Status415UnsupportedMediaType,
                $"The content type is '{request.ContentType}', expected {string.Join(" or ", Types)}."
            );

    // As the spec has it where nobody asks for another.
    private static FigurePlacement? Placement(string? asked) =>
        asked is null ? FigurePlacement.Auto
        : Placements.TryGetValue(asked, out var placement) ? placement
        : null;

    internal static string DataUri(byte[] picture, PictureShape shape) =>
        $"data:image/png;base64,{Convert.ToBase64String(PictureSheet.Png([picture], shape.Width, shape.Height, shape.Channels))}";

    internal static async Task<byte[]> Body(HttpRequest request)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, request.HttpContext.RequestAborted);
        return body.ToArray();
    }

    internal static IResult Problem(int status, string sentence) => Results.Problem(sentence, statusCode: status);
}
