using System.Text;
using ForwardForward.Contracts.Access;
using ForwardForward.Contracts.Experiments;
using ForwardForward.Contracts.Streams;
using ForwardForward.Experiments.Data.Streams;
using ForwardForward.Learning;
using ForwardForward.Learning.Streams;
using ForwardForward.Silo.Predictions;
using Microsoft.Net.Http.Headers;

namespace ForwardForward.Silo.Streams;

/// <summary>What was taken of a stream.</summary>
/// <param name="First">Number of the first example of the request, from 0.</param>
/// <param name="Count">Of the request's examples.</param>
/// <param name="Total">Examples of the stream so far.</param>
/// <param name="HasEnded">Whether no more are taken.</param>
/// <param name="IsNew">False where all of it had been sent before.</param>
internal sealed record StreamAnswer(string Run, string Id, long First, int Count, long Total, bool HasEnded, bool IsNew);

/// <summary>
/// <c>POST /stream?run=NAME&amp;id=ID</c> with lines of JSON: examples that a run of a stream learns from, all of them or none; with
/// <c>&amp;end=true</c> none follow. What cannot be taken is a problem (RFC 9457) of one sentence, and the run goes on.
/// </summary>
internal static class StreamEndpoint
{
    public const string Path = "/stream";
    private const int MaxId = 60; // each part of a request has a number behind it
    private static readonly string[] Types = ["application/x-ndjson", "application/jsonl", "application/json", "text/plain"];

    public static void MapStream(this IEndpointRouteBuilder app)
    {
        app.MapGet(Path, (IGrainFactory grains, string? run = null) => Journal(grains, run))
            .Produces<string>(contentType: Types[0])
            .ProducesProblem(StatusCodes.Status404NotFound)
            .WithSummary("The journal of a run's stream, as lines that make the same run again.")
            .WithMetadata(new AllowRoleAttribute(ClusterRole.Operator));
        app.MapPost(
                Path,
                (HttpRequest request, IGrainFactory grains, string? run = null, string? id = null, string? end = null) =>
                    Take(request, grains, run, id, end)
            )
            .Produces<StreamAnswer>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
            .ProducesProblem(StatusCodes.Status429TooManyRequests)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
            .WithSummary("Gives a run of a stream examples to learn from.")
            .WithMetadata(new AllowRoleAttribute(ClusterRole.Operator));
    }

    private static async Task<IResult> Take(HttpRequest request, IGrainFactory grains, string? run, string? id, string? end)
    {
        if (Wrong(request, run, id, end) is { } wrong)
        {
            return wrong;
        }

        try
        {
            var experiment = grains.GetGrain<IExperimentGrain>(run!);
            if (await Status(experiment) is not { } status)
            {
                return PredictEndpoint.Problem(StatusCodes.Status404NotFound, $"There is no run named '{run}'.");
            }

            if (status.Data is not { } data)
            {
                throw new BusyException($"The run '{run}' has not begun: send it again in a moment.");
            }

            var examples = await Read(request, new ExampleLine(status.Spec, data.Pixels, data.Classes));
            return Results.Ok(await Feed(experiment, run!, NameOf(id), examples, data.Pixels, end is "true"));
        }
        catch (BadHttpRequestException e)
        {
            return PredictEndpoint.Problem(
                e.StatusCode,
                $"The examples cannot be taken ({e.Message.TrimEnd('.')}), expected at most {PredictLimits.MaxBytes} bytes in a request."
            );
        }
        catch (InvalidInputException e)
        {
            return PredictEndpoint.Problem(StatusCodes.Status409Conflict, e.Message);
        }
        catch (ExampleException e)
        {
            return PredictEndpoint.Problem(StatusCodes.Status400BadRequest, e.Message);
        }
        catch (BusyException e)
        {
            return PredictEndpoint.Problem(StatusCodes.Status429TooManyRequests, e.Message);
        }
        catch (Exception e) when (e is TimeoutException or OrleansException)
        {
            return PredictEndpoint.Problem(
                StatusCodes.Status503ServiceUnavailable,
                $"The run '{run}' does not answer now: send the same again with the same id."
            );
        }
    }

    private static async Task<IResult> Journal(IGrainFactory grains, string? run)
    {
        if (run is null or { Length: 0 or > PredictEndpoint.MaxName })
        {
            return PredictEndpoint.Problem(
                StatusCodes.Status400BadRequest,
                $"The name of the run is missing, expected GET {Path}?run=NAME."
            );
        }

        var experiment = grains.GetGrain<IExperimentGrain>(run);
        try
        {
            var slice = await experiment.Examples(0);
            return Results.Stream(body => Write(experiment, slice, body), Types[0]);
        }
        catch (InvalidInputException e)
        {
            return PredictEndpoint.Problem(StatusCodes.Status404NotFound, e.Message);
        }
    }

    private static async Task Write(IExperimentGrain experiment, StreamSlice slice, Stream body)
    {
        for (long next = 0; ; slice = await experiment.Examples(next))
        {
            var pixels = slice.Labels.Length == 0 ? 0 : slice.Pixels.Length / slice.Labels.Length;
            for (var i = 0; i < slice.Labels.Length; i++)
            {
                await body.WriteAsync(Encoding.ASCII.GetBytes(ExampleLine.Write(slice.Labels[i], slice.Pixels.AsSpan(i * pixels, pixels))));
            }

            next += slice.Labels.Length;
            if (slice.Labels.Length == 0)
            {
                await body.WriteAsync(slice.End is null ? default : ExampleLine.End);
                return;
            }
        }
    }

    private static IResult? Wrong(HttpRequest request, string? run, string? id, string? end)
    {
        var sentence =
            run is null or { Length: 0 or > PredictEndpoint.MaxName }
                ? $"The name of the run is missing or too long, expected POST {Path}?run=NAME."
            : id is { Length: > MaxId } || id?.Any(char.IsControl) is true
                ? $"The id is too long or unprintable, expected at most {MaxId} characters."
            : end is not (null or "true" or "false")
                ? $"The parameter end is neither true nor false, expected POST {Path}?run=NAME&end=true."
            : null;
        if (sentence is not null)
        {
            return PredictEndpoint.Problem(StatusCodes.Status400BadRequest, sentence);
        }

        return
            request.ContentLength is 0 or null && !request.Headers.ContainsKey(HeaderNames.TransferEncoding)
            || (
                MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
                && Types.Contains(type.MediaType.Value, StringComparer.OrdinalIgnoreCase)
            )
            ? null
            : PredictEndpoint.Problem(
                StatusCodes.Status415UnsupportedMediaType,
                $"The content type is '{request.ContentType}', expected {string.Join(" or ", Types)}."
            );
    }

    private static async Task<List<Example>> Read(HttpRequest request, ExampleLine format)
    {
        var (all, end) = (new List<Example>(), request.HttpContext.RequestAborted);
        var reader = new ExampleReader(request.Body, format, "Line");
        await PredictLimits.Decoding.WaitAsync(end);
        try
        {
            while (!reader.HasEnded)
            {
                var some = new List<Example>();
                await reader.Read(some, StreamPost.MaxExamples, end);
                all.AddRange(some);
            }
        }
        catch (InvalidInputException e)
        {
            throw new ExampleException(e.Message);
        }
        finally
        {
            PredictLimits.Decoding.Release();
        }

        return all;
    }

    // In parts that a message carries. Whoever sends the same again, after a refusal in the middle, has those that were taken taken once.
    private static async Task<StreamAnswer> Feed(
        IExperimentGrain experiment,
        string run,
        string id,
        List<Example> examples,
        int pixels,
        bool ends
    )
    {
        var parts = examples.Chunk(StreamPost.Most(pixels)).DefaultIfEmpty([]).ToList();
        StreamReceipt? first = null;
        StreamReceipt? last = null;
        for (var i = 0; i < parts.Count; i++)
        {
            last = await experiment.Feed(
                new StreamPost(
                    $"{id}/{i}",
                    [.. parts[i].Select(example => example.Label)],
                    [.. parts[i].SelectMany(example => example.Pixels.ToArray())],
                    ends && i == parts.Count - 1
                )
            );
            first ??= last;
        }

        return new StreamAnswer(run, id, first!.First, examples.Count, last!.Total, last.HasEnded, last.IsNew);
    }

    private static string NameOf(string? id) => id is null or "" ? Guid.NewGuid().ToString("N") : id;

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

    private sealed class ExampleException(string message) : Exception(message);
}
