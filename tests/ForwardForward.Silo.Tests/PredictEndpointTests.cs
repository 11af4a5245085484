using System.Reflection;
using System.Text.Json;
using ForwardForward.Contracts.Experiments;
using ForwardForward.Contracts.Stages;
using ForwardForward.Experiments.Data.Pictures;
using ForwardForward.Learning.Specs;
using ForwardForward.Silo.Predictions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ForwardForward.Silo.Tests;

/// <summary>What <c>POST /predict</c> answers, without a web server and a cluster.</summary>
public sealed class PredictEndpointTests
{
    [Theory]
    [InlineData("cat/dog/frog", "frog")]
    [InlineData("", null)]
    public async Task An_answer_names_the_class_where_classes_have_names(string names, string? name)
    {
        var answer = await Asked(names, "?run=lucky");

        Assert.Equal(2, answer.GetProperty("class").GetInt32());
        Assert.Equal(name, answer.TryGetProperty("className", out var named) ? named.GetString() : null);
        string[] fields = ["run", "slot", "live", "test", "class", "className", "probabilities"];
        Assert.Equal(fields.Where(field => name is not null || field != "className"), answer.EnumerateObject().Select(field => field.Name));
    }

    [Fact]
    public async Task What_the_network_saw_is_told_to_who_asks_for_it()
    {
        var answer = await Asked("", "?run=lucky&show=true");
        Assert.StartsWith("data:image/png;base64,", answer.GetProperty("shown").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_each_layer_finds_is_told_by_name()
    {
        var layers = (await Asked("cat/dog/frog", "?run=lucky&layers=true")).GetProperty("layers");
        Assert.Equal(
            [
                """{"layer":1,"class":1,"className":"dog","goodness":[1,3,2],"neutral":0.5}""",
                """{"layer":2,"class":2,"className":"frog","goodness":[4,5,6],"neutral":0.25}""",
            ],
            layers.EnumerateArray().Select(layer => layer.GetRawText())
        );
    }

    [Fact]
    public async Task A_coordinator_of_an_earlier_version_answers_without_layers()
    {
        var answer = await Asked("", "?run=lucky&layers=true", isEarlier: true);
        Assert.Equal((2, false), (answer.GetProperty("class").GetInt32(), answer.TryGetProperty("layers", out _)));
    }

    private static async Task<JsonElement> Asked(string names, string query, bool isEarlier = false)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore(); // never started
        var grains = DispatchProxy.Create<IGrainFactory, Grains>();
        (((Grains)(object)grains).Names, ((Grains)(object)grains).IsEarlier) = (names, isEarlier);
        builder.Services.AddRoutingCore().AddProblemDetails().AddSingleton(grains);
        await using var app = builder.Build();
        app.MapPredict();
        var endpoint = ((IEndpointRouteBuilder)app).DataSources.SelectMany(source => source.Endpoints).Single();
        using var answered = new MemoryStream();
        var context = new DefaultHttpContext { RequestServices = app.Services };
        context.Request.Method = HttpMethods.Post;
        context.Request.QueryString = new QueryString(query);
        context.Request.ContentType = "image/png";
        context.Request.Body = new MemoryStream(PictureSheet.Png([new byte[784]], 28, 28, 1));
        context.Response.Body = answered;
        await endpoint.RequestDelegate!(context);
        Assert.Equal(StatusCodes.Status200OK, context.Response.StatusCode);
        return JsonDocument.Parse(answered.ToArray()).RootElement;
    }

    /// <summary>A cluster with one run.</summary>
    public class Grains : DispatchProxy
    {
        public string Names { get; set; } = "";

        public bool IsEarlier { get; set; }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            var run = Create<IExperimentGrain, Lucky>();
            (((Lucky)(object)run).Names, ((Lucky)(object)run).IsEarlier) = (Names, IsEarlier);
            return run;
        }
    }

    public class Lucky : DispatchProxy
    {
        public string Names { get; set; } = "";

        public bool IsEarlier { get; set; }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
            targetMethod!.Name switch
            {
                nameof(IExperimentGrain.Status) => Task.FromResult(
                    new RunStatus
                    {
                        Run = "lucky",
                        State = RunState.Running,
                        Spec = new ExperimentSpec
                        {
                            Images = new ImagesSpec { ClassNames = Names, Figures = FigurePlacement.AsIs },
                        },
                        StartedAt = default,
                        Data = new DataShape(784, 10, 100, 3),
                    }
                ),
                nameof(IExperimentGrain.Predict) => Task.FromResult(new PredictionResult(1, IsLive: true, [0.1f, 0.2f, 0.7f])),
                nameof(IExperimentGrain.PredictLayers) when !IsEarlier => Task.FromResult(
                    new PredictionResult(1, IsLive: true, [0.1f, 0.2f, 0.7f])
                    {
                        Goodness = [1, 3, 2, 4, 5, 6],
                        NeutralGoodness = [0.5f, 0.25f],
                    }
                ),
                var other => throw new NotSupportedException(other),
            };
    }
}
