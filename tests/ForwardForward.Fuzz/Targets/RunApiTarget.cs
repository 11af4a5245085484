using System.Reflection;
using System.Text;
using ForwardForward.Contracts.Experiments;
using ForwardForward.Contracts.Stages;
using ForwardForward.Contracts.Streams;
using ForwardForward.Experiments.Data.Streams;
using ForwardForward.Learning.Specs;
using ForwardForward.Silo.Live;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using SkiaSharp;

namespace ForwardForward.Fuzz.Targets;

/// <summary>
/// What comes to the page, to <c>/api/runs</c>, <c>/predict</c>, <c>/teach</c>, <c>/lessons</c> and <c>/stream</c>, behind the web server
/// and its limits: a line with method and address, one with the content type, one with the origin, the body.
/// </summary>
internal sealed class RunApiTarget : ITarget
{
    private static readonly int[] Promised = [200, 304, 400, 403, 404, 405, 409, 413, 415, 429, 503];
    private readonly IServiceProvider _services;
    private readonly RequestDelegate _api;

    public RunApiTarget()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore(); // never started
        builder.Services.AddRoutingCore().AddProblemDetails().AddSingleton<EventStreams>().AddSingleton(new TestImages(null));
        builder.Services.AddSingleton(DispatchProxy.Create<IGrainFactory, Grains>());
        var app = builder.Build();
        app.UseOriginGuard();
        app.UseRouting();
        app.MapEndpoints();
        app.UseEndpoints(_ => { });
        _services = app.Services;
        _api = ((IApplicationBuilder)app).Build();
        var png = PictureTarget.Drawn(SKEncodedImageFormat.Png);
        Seeds =
        [
            [.. "POST /teach?run=lucky&label=7&id=my-first\nimage/png\nhttp://silo:8080\n"u8, .. png],
            [.. "POST /teach?run=lucky&label=3\nimage/jpeg\n\n"u8, .. PictureTarget.Drawn(SKEncodedImageFormat.Jpeg)],
            [.. "POST /predict?run=lucky&layers=true&figures=asIs\nimage/png\nhttps://elsewhere\n"u8, .. png],
            [.. "POST /predict?run=%C3%BC%2F..\ntext/plain; charset=utf-8\n\nno picture"u8],
            [.. "POST /stream?run=lucky&id=one&end=true\napplication/x-ndjson\n\n{\"label\":7,\"pixels\":[0,1]}\n{\"end\":true}\n"u8],
            [.. "POST /stream?run=lucky\ntext/plain\n\n{\"label\":1,\"picture\":\"iVBORw0KGgo=\"}"u8],
            [.. Encoding.ASCII.GetBytes($"POST /stream?run=lucky\n\n\n{ExampleLine.Write(7, new byte[784])}")],
            [.. "GET /stream?run=lucky\n\n\n"u8],
            [.. "GET /lessons?run=lucky\n\n\n"u8],
            [.. "DELETE /lessons/my-first?run=lucky\n\nhttp://silo:8080\n"u8],
            [.. "GET /api/runs\n\n\n"u8],
            [.. "GET /api/runs/lucky\n\n\n"u8],
            [.. "GET /api/runs/lucky/events\n\n\n"u8],
            [.. "GET /api/runs/lucky/tests?from=5&count=24\n\n\n"u8],
            [.. "GET /live/live.js\n\n\n"u8],
        ];
    }

    public IReadOnlyList<byte[]> Seeds { get; }

    public void Decode(byte[] input)
    {
        var (asked, afterAsked) = Line(input, 0);
        var (type, afterType) = Line(input, afterAsked);
        var (origin, body) = Line(input, afterType);
        var (method, address) = asked.Split(' ', 2) is [var verb, var rest] ? (verb, rest) : ("GET", asked);
        var (path, query) = address.Split('?', 2) is [var before, var after] ? (before, $"?{after}") : (address, "");
        using var scope = _services.CreateScope();
        var context = new DefaultHttpContext { RequestServices = scope.ServiceProvider };
        context.Request.Method = method.Length is 0 or > 10 ? "GET" : method;
        context.Request.Host = new HostString("silo", 8080);
        try
        {
            context.Request.Path = path.StartsWith('/') ? PathString.FromUriComponent(path) : "/";
        }
        catch (InvalidOperationException)
        {
            return; // what the web server refuses
        }

        context.Request.QueryString = new QueryString(query);
        context.Request.ContentType = type;
        context.Request.Headers.Origin = origin;
        context.Request.Body = new MemoryStream(input, body, input.Length - body);
        context.Response.Body = new MemoryStream();
        _api(context).GetAwaiter().GetResult();
        Finding.Unless(Promised.Contains(context.Response.StatusCode), $"the answer is {context.Response.StatusCode}");
    }

    private static (string Text, int Next) Line(byte[] input, int from)
    {
        var end = Array.IndexOf(input, (byte)'\n', from);
        end = end < 0 ? input.Length : end;
        return (Encoding.Latin1.GetString(input, from, end - from), Math.Min(end + 1, input.Length));
    }

    /// <summary>A cluster with one run.</summary>
    private class Grains : DispatchProxy
    {
        private static readonly IExperimentGrain Run = Create<IExperimentGrain, Lucky>();
        private static readonly IRunIndexGrain Index = Create<IRunIndexGrain, Listing>();

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
            targetMethod!.GetGenericArguments().Contains(typeof(IRunIndexGrain)) ? Index : Run;
    }

    private class Listing : DispatchProxy
    {
        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
            targetMethod!.Name == nameof(IRunIndexGrain.List)
                ? Task.FromResult<IReadOnlyList<ListedRun>>([new ListedRun("lucky", null)])
                : throw new NotSupportedException(targetMethod.Name);
    }

    private class Lucky : DispatchProxy
    {
        private static readonly Lesson Taught = new("my-first", new byte[784], 7) { Who = "otto", Sha256 = "" };
        private static readonly RunStatus Status = new()
        {
            Run = "lucky",
            State = RunState.Done,
            Spec = new ExperimentSpec(),
            StartedAt = default,
            Data = new DataShape(784, 10, 100, 10),
            Lessons = 1,
        };

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
            targetMethod!.Name switch
            {
                nameof(IExperimentGrain.Status) => Task.FromResult(Status),
                nameof(IExperimentGrain.Watch) => Task.FromResult(new RunUpdate(Status, [])),
                nameof(IExperimentGrain.Predict) or nameof(IExperimentGrain.PredictLayers) => Task.FromResult(
                    new PredictionResult(1, IsLive: true, new float[10])
                ),
                nameof(IExperimentGrain.Teach) or nameof(IExperimentGrain.TakeBack) => Task.FromResult(new LessonReceipt(Taught, true)),
                nameof(IExperimentGrain.Lessons) => Task.FromResult<IReadOnlyList<Lesson>>(args![0] is 0 ? [Taught] : []),
                nameof(IExperimentGrain.Feed) => Task.FromResult(new StreamReceipt(0, 1, 1, HasEnded: false, IsNew: true)),
                nameof(IExperimentGrain.Examples) => Task.FromResult(
                    args![0] is 0L ? new StreamSlice([7], new byte[784], 1) : new StreamSlice([], [], 1)
                ),
                var other => throw new NotSupportedException(other),
            };
    }
}
