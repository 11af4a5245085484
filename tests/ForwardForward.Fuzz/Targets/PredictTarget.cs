using System.Reflection;
using System.Text;
using ForwardForward.Contracts.Experiments;
using ForwardForward.Contracts.Stages;
using ForwardForward.Learning.Specs;
using ForwardForward.Silo.Predictions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using SkiaSharp;

namespace ForwardForward.Fuzz.Targets;

/// <summary>
/// What comes to <c>POST /predict</c>, behind the web server: a line with the query, a line with the content type, the body.
/// </summary>
internal sealed class PredictTarget : ITarget
{
    private static readonly int[] Promised = [200, 400, 404, 409, 413, 415, 429, 503];
    private readonly IServiceProvider _services;
    private readonly RequestDelegate _predict;

    public PredictTarget()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore(); // never started
        builder.Services.AddRoutingCore().AddProblemDetails().AddSingleton(DispatchProxy.Create<IGrainFactory, Grains>());
        var app = builder.Build();
        app.MapPredict();
        _services = app.Services;
        _predict = ((IEndpointRouteBuilder)app).DataSources.SelectMany(source => source.Endpoints).Single().RequestDelegate!;
        Seeds =
        [
            [.. "?run=lucky\nimage/png\n"u8, .. PictureTarget.Drawn(SKEncodedImageFormat.Png)],
            [.. "?run=lucky&more=1\nimage/jpeg\n"u8, .. PictureTarget.Drawn(SKEncodedImageFormat.Jpeg)],
            [.. "?run=%C3%BC%2F..\ntext/plain; charset=utf-8\nno picture"u8],
        ];
    }

    public IReadOnlyList<byte[]> Seeds { get; }

    public void Decode(byte[] input)
    {
        var (query, afterQuery) = Line(input, 0);
        var (type, body) = Line(input, afterQuery);
        var context = new DefaultHttpContext { RequestServices = _services };
        context.Request.Method = HttpMethods.Post;
        context.Request.QueryString = query.StartsWith('?') ? new QueryString(query) : QueryString.Empty;
        context.Request.ContentType = type;
        context.Request.Body = new MemoryStream(input, body, input.Length - body);
        context.Response.Body = new MemoryStream();
        _predict(context).GetAwaiter().GetResult();
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

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => Run;
    }

    private class Lucky : DispatchProxy
    {
        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
            targetMethod!.Name switch
            {
                nameof(IExperimentGrain.Status) => Task.FromResult(
                    new RunStatus
                    {
                        Run = "lucky",
                        State = RunState.Running,
                        Spec = new ExperimentSpec(),
                        StartedAt = default,
                        Data = new DataShape(784, 10, 100, 10),
                    }
                ),
                nameof(IExperimentGrain.Predict) => Task.FromResult(new PredictionResult(1, IsLive: true, new float[10])),
                var other => throw new NotSupportedException(other),
            };
    }
}
