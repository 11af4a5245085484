using ForwardForward.Contracts.Experiments;
using ForwardForward.Learning;

namespace ForwardForward.Silo.Live;

/// <summary><c>GET /api/runs</c> and <c>GET /api/runs/{run}</c>: what ran and runs on the cluster.</summary>
internal static class RunsEndpoint
{
    public const string Path = "/api/runs";
    private const int Most = 100;

    public static void MapRuns(this IEndpointRouteBuilder app)
    {
        app.MapGet(Path, List)
            .Produces<IReadOnlyList<RunRow>>()
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
            .WithSummary($"The {Most} runs that were started last, the newest first.");
        app.MapGet($"{Path}/{{run}}", Show)
            .Produces<RunDetail>()
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
            .WithSummary("One run, with the silo that each of its layers is on.");
    }

    /// <summary>Answers with a problem where the run is unknown or does not answer.</summary>
    public static async Task<IResult> WithStatus(IGrainFactory grains, string run, Func<IExperimentGrain, RunStatus, IResult> answer)
    {
        try
        {
            var experiment = grains.GetGrain<IExperimentGrain>(RunName.Check(run));
            return answer(experiment, await experiment.Status());
        }
        catch (InvalidInputException e)
        {
            return Results.Problem(e.Message, statusCode: StatusCodes.Status404NotFound);
        }
        catch (Exception e) when (e is TimeoutException or OrleansException)
        {
            return Results.Problem(
                $"The run '{run}' does not answer now: ask again later.",
                statusCode: StatusCodes.Status503ServiceUnavailable
            );
        }
    }

    private static Task<IResult> Show(string run, IGrainFactory grains) =>
        WithStatus(grains, run, (_, status) => Results.Ok(RunDetail.Of(status)));

    private static async Task<IResult> List(IGrainFactory grains)
    {
        try
        {
            var listed = await grains.GetGrain<IRunIndexGrain>(IRunIndexGrain.Key).List();
            var newest = listed.TakeLast(Most).Reverse().ToList();
            var shelves = newest.Select(run => run.Shelf).OfType<int>().Distinct();
            var kept = await Task.WhenAll(shelves.Select(shelf => grains.GetGrain<IRunShelfGrain>(shelf).Statuses()));
            var over = kept.SelectMany(statuses => statuses).ToDictionary(status => status.Run);
            var found = await Task.WhenAll(newest.Select(run => over.TryGetValue(run.Run, out var last) ? Known(last) : Find(grains, run)));
            return Results.Ok(found.OfType<RunStatus>().Select(RunRow.Of));
        }
        catch (Exception e) when (e is TimeoutException or OrleansException)
        {
            return Results.Problem("The runs cannot be listed now: ask again later.", statusCode: StatusCodes.Status503ServiceUnavailable);
        }
    }

    private static Task<RunStatus?> Known(RunStatus last) => Task.FromResult<RunStatus?>(last);

    // Its record may have been lost, or it was refused while it was listed.
    private static async Task<RunStatus?> Find(IGrainFactory grains, ListedRun run)
    {
        try
        {
            return await grains.GetGrain<IExperimentGrain>(run.Run).Status();
        }
        catch (InvalidInputException)
        {
            return null;
        }
    }
}
