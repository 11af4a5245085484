using System.Globalization;
using System.Text.Json.Serialization;
using ForwardForward.Contracts.Access;
using ForwardForward.Contracts.Experiments;
using ForwardForward.Learning;
using ForwardForward.Learning.Convolutions;
using ForwardForward.Learning.Data;
using ForwardForward.Silo.Predictions;

namespace ForwardForward.Silo.Live;

/// <summary><c>GET /api/runs/{run}/tests</c>: test images with their true labels, for those who want to ask about them.</summary>
internal static class TestImagesEndpoint
{
    public const int Most = 100;
    private const int Usual = 24;
    private const string Path = RunsEndpoint.Path + "/{run}/tests";

    public static void MapTestImages(this IEndpointRouteBuilder app) =>
        app.MapGet(Path, Answer)
            .Produces<TestImagesAnswer>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
            .WithSummary($"Test images of a run with their true labels, at most {Most} at a time, from a silo that has its data.")
            .WithMetadata(new AllowRoleAttribute(ClusterRole.Operator));

    private static async Task<IResult> Answer(
        string run,
        IGrainFactory grains,
        TestImages tests,
        CancellationToken gone,
        string? from = null,
        string? count = null
    )
    {
        if (Number(from, 0, int.MaxValue) is not { } first || Number(count, Usual, Most) is not (>= 1 and var many))
        {
            return PredictEndpoint.Problem(
                StatusCodes.Status400BadRequest,
                $"The parameters are from={from} and count={count}, expected from=0 or more and count=1 to {Most}."
            );
        }

        RunStatus? status = null;
        var problem = await RunsEndpoint.WithStatus(grains, run, (_, now) => Results.Ok(status = now));
        if (status is null)
        {
            return problem;
        }

        if (PictureShape.Find(status.Spec.Images, status.Data?.Pixels ?? 0) is not { } shape)
        {
            return PredictEndpoint.Problem(
                StatusCodes.Status409Conflict,
                $"The run '{run}' has no pictures, or has not begun, expected one that has learned from square images."
            );
        }

        try
        {
            var images = await tests.Of(status, gone);
            return Results.Ok(TestImagesAnswer.Of(run, images, shape, first, many, ClassNames.Split(status.Spec.Images.ClassNames)));
        }
        catch (InvalidInputException e)
        {
            return PredictEndpoint.Problem(StatusCodes.Status404NotFound, e.Message);
        }
    }

    private static int? Number(string? text, int usual, int most) =>
        text is null ? usual
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= most ? number
        : null;
}

/// <summary>Some of a run's test images.</summary>
/// <param name="From">Number of the first, from 0.</param>
/// <param name="Count">Of all its test images.</param>
internal sealed record TestImagesAnswer(string Run, int From, int Count, IReadOnlyList<TestImage> Images)
{
    public static TestImagesAnswer Of(
        string run,
        LabelledImages images,
        PictureShape shape,
        int first,
        int count,
        IReadOnlyList<string>? names
    ) =>
        new(
            run,
            first,
            images.Count,
            [
                .. Enumerable
                    .Range(first, Math.Clamp(images.Count - first, 0, count))
                    .Select(image => new TestImage(
                        image,
                        images.Labels[image],
                        names?[images.Labels[image]],
                        PredictEndpoint.DataUri(images.Pixels.AsSpan(image * shape.Size, shape.Size).ToArray(), shape)
                    )),
            ]
        );
}

/// <summary>A test image: a picture of the network's size, to be asked about with <c>figures=asIs</c>.</summary>
/// <param name="Image">Its number, from 0.</param>
/// <param name="Label">What it shows.</param>
/// <param name="ClassName">Of the label; null, and left out, where classes have no names.</param>
/// <param name="Picture">As a data URI.</param>
internal sealed record TestImage(
    int Image,
    int Label,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? ClassName,
    string Picture
);
