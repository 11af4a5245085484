using ForwardForward.Silo.Predictions;
using ForwardForward.Silo.Streams;
using Microsoft.OpenApi;

namespace ForwardForward.Silo.Live;

/// <summary><c>GET /openapi.json</c>: what can be asked of runs, for programs that write clients.</summary>
internal static class ApiDocument
{
    public const string Path = "/openapi.json";
    private const string Name = "v1";

    // Not health, metrics and Orleans' dashboard, which have documents of their own.
    private static readonly string[] Described = ["api/", "predict", "teach", "lessons", "stream"];
    private static readonly string[] TakePictures = [PredictEndpoint.Path, "/teach"];

    public static void AddApiDocument(this IServiceCollection services) =>
        services.AddOpenApi(
            Name,
            options =>
            {
                options.ShouldInclude = description =>
                    Described.Any(path => description.RelativePath?.StartsWith(path, StringComparison.Ordinal) is true);
                options.AddDocumentTransformer(
                    (document, _, _) =>
                    {
                        document.Info = new OpenApiInfo
                        {
                            Title = "ForwardForward",
                            Version = SiloProgram.Version,
                            Description = "Runs of a cluster: what they are, how they go on, and what their networks answer.",
                        };
                        document.Servers = []; // whoever was asked for it
                        foreach (var (_, path) in document.Paths.Where(path => TakePictures.Contains(path.Key)))
                        {
                            path.Operations![HttpMethod.Post].RequestBody = Picture();
                        }

                        if (document.Paths.TryGetValue(StreamEndpoint.Path, out var stream))
                        {
                            stream.Operations![HttpMethod.Post].RequestBody = Lines();
                        }

                        return Task.CompletedTask;
                    }
                );
            }
        );

    public static void MapApiDocument(this IEndpointRouteBuilder app) => app.MapOpenApi(Path).ExcludeFromDescription();

    private static OpenApiRequestBody Lines() =>
        new()
        {
            Description = "A line of JSON for each example: label, and pixels or picture.",
            Content = new Dictionary<string, OpenApiMediaType>
            {
                ["application/x-ndjson"] = new OpenApiMediaType { Schema = new OpenApiSchema { Type = JsonSchemaType.String } },
            },
        };

    // Endpoints read the body themselves, so that what is wrong with it is said in a sentence.
    private static OpenApiRequestBody Picture() =>
        new()
        {
            Required = true,
            Description = "A picture.",
            Content = PredictEndpoint.Types.ToDictionary(
                type => type,
                _ => new OpenApiMediaType
                {
                    Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" },
                }
            ),
        };
}
