// A web program that trains: its own silo takes the layers, and its own endpoints start and show runs.
//   dotnet run --project samples/EmbeddedSilo -- --urls http://127.0.0.1:5080
//   curl -X POST "http://127.0.0.1:5080/runs/first?epochs=1"
//   curl http://127.0.0.1:5080/runs/first
using ForwardForward.Contracts.Experiments;
using ForwardForward.Learning;
using ForwardForward.Learning.Specs;
using ForwardForward.Runtime.Hosting;

var builder = WebApplication.CreateBuilder(args);
builder.UseOrleans(silo =>
    silo.UseLocalhostClustering(siloPort: builder.Configuration.GetValue("SiloPort", 11111), gatewayPort: 0)
        .UseNoStorage()
        .AddForwardForward(options =>
        {
            options.CheckpointFolder = Path.Combine(Path.GetTempPath(), "embedded-silo");
            options.MeasuresMatrixRate = false; // there is no other silo to share layers with
        })
);
var app = builder.Build();
app.MapPost(
    "/runs/{name}",
    async (string name, IGrainFactory grains, int? epochs, string? data) =>
    {
        var spec = Presets.Get("supervised-quick");
        spec = spec with { Epochs = epochs ?? spec.Epochs, Dataset = data ?? spec.Dataset };
        try
        {
            return Results.Ok(Shown(await grains.GetGrain<IExperimentGrain>(name).Start(new RunRequest(spec, "supervised-quick"))));
        }
        catch (InvalidInputException e)
        {
            return Results.Problem(e.Message, statusCode: StatusCodes.Status400BadRequest);
        }
    }
);
app.MapGet("/runs/{name}", async (string name, IGrainFactory grains) => Shown(await grains.GetGrain<IExperimentGrain>(name).Status()));
await app.RunAsync();

static object Shown(RunStatus run) =>
    new
    {
        run.Run,
        State = $"{run.State}",
        run.Slot,
        run.Slots,
        run.LastEvaluation,
        run.StateHash,
    };
