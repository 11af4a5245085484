using System.Threading.RateLimiting;
using ForwardForward.Silo.Lessons;
using ForwardForward.Silo.Streams;

namespace ForwardForward.Silo.Predictions;

/// <summary>What a silo takes of those who ask by HTTP: nobody can fill its memory or stop its training.</summary>
internal static class PredictLimits
{
    /// <summary>Of a body.</summary>
    public const int MaxBytes = 8 << 20;

    /// <summary>Of a picture that is decoded at once: 64 MB of them. Others take 32 MB, whatever their size.</summary>
    public const int MaxPixelsAtOnce = 16_000_000;

    private const int PerSecond = 100;
    private const int LessonsPerSecond = 20; // each is written down before it is answered
    private const int AtOnce = 32; // a picture is answered when the slots before it are through, so many wait at a time

    /// <summary>Of pictures that are decoded.</summary>
    public static SemaphoreSlim Decoding { get; } = new(4);
    private const int Waiting = 64;

    public static void AddPredictLimits(this WebApplicationBuilder builder)
    {
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = MaxBytes);
        builder.Services.AddProblemDetails();
        builder.Services.AddRateLimiter(limiter =>
        {
            limiter.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            limiter.GlobalLimiter = PartitionedRateLimiter.CreateChained(
                Of(path =>
                    RateLimitPartition.GetTokenBucketLimiter(
                        path,
                        _ => new TokenBucketRateLimiterOptions
                        {
                            TokenLimit = Most(path),
                            TokensPerPeriod = Most(path),
                            ReplenishmentPeriod = TimeSpan.FromSeconds(1),
                        }
                    )
                ),
                Of(path =>
                    RateLimitPartition.GetConcurrencyLimiter(
                        path,
                        _ => new ConcurrencyLimiterOptions { PermitLimit = AtOnce, QueueLimit = Waiting }
                    )
                )
            );
            limiter.OnRejected = (rejected, cancellation) =>
                new(
                    Results
                        .Problem(
                            $"More is asked than a silo answers, which is {Most(rejected.HttpContext.Request.Path)} requests a second: "
                                + "ask again later.",
                            statusCode: StatusCodes.Status429TooManyRequests
                        )
                        .ExecuteAsync(rejected.HttpContext)
                );
        });
    }

    private static PartitionedRateLimiter<HttpContext> Of(Func<string, RateLimitPartition<string>> limited) =>
        PartitionedRateLimiter.Create<HttpContext, string>(context =>
            context.Request.Path == PredictEndpoint.Path ? limited(PredictEndpoint.Path)
            : context.Request.Path == LessonEndpoints.TeachPath ? limited(LessonEndpoints.TeachPath)
            : context.Request.Path == StreamEndpoint.Path ? limited(StreamEndpoint.Path)
            : RateLimitPartition.GetNoLimiter("")
        );

    private static int Most(string? path) => path == PredictEndpoint.Path || path == StreamEndpoint.Path ? PerSecond : LessonsPerSecond;
}
