using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ForwardForward.Learning.Checkpoints;

/// <summary>
/// The manifest as a file. Its last property is the SHA-256 of all bytes before that property, so that no damage to the manifest itself is
/// taken for its content.
/// </summary>
internal static partial class ManifestText
{
    private const string SealName = ",\n  \"manifestSha256\": \"";
    private const string AfterSeal = "\"\n}\n";
    private const string End = "\n}";

    public static byte[] Write(CheckpointManifest manifest)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(manifest, Json.Default.CheckpointManifest);
        return Seal(json.AsSpan()[..^End.Length]);
    }

    /// <summary>The file whose bytes before the seal are these.</summary>
    internal static byte[] Seal(ReadOnlySpan<byte> sealedPart) => [.. sealedPart, .. SealOf(sealedPart)];

    /// <returns>The format that the manifest says it has; without a null, nothing else of it has been looked at.</returns>
    /// <exception cref="CheckpointException">The file is not what its writer sealed.</exception>
    public static (int Format, CheckpointManifest? Manifest) Read(ReadOnlySpan<byte> text, string path)
    {
        var body = Unsealed(text, path);
        try
        {
            using var json = JsonDocument.Parse(body);
            var format = json.RootElement.GetProperty("format").GetInt32();
            return (format, format == CheckpointManifest.CurrentFormat ? Accept(json, path) : null);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new CheckpointException(
                $"{path} is no manifest of a checkpoint although its seal is right, expected one of format "
                    + $"{CheckpointManifest.CurrentFormat}.",
                e
            );
        }
    }

    private static byte[] Unsealed(ReadOnlySpan<byte> text, string path)
    {
        var sealedBytes = text.LastIndexOf(Encoding.UTF8.GetBytes(SealName));
        if (sealedBytes < 0)
        {
            throw new CheckpointException($"{path} is damaged: it has no seal, expected the manifest's own SHA-256 at its end.");
        }

        var body = text[..sealedBytes];
        return text[sealedBytes..].SequenceEqual(SealOf(body))
            ? [.. body, .. Encoding.UTF8.GetBytes(End)]
            : throw new CheckpointException($"{path} is damaged: its bytes do not match the SHA-256 at its end.");
    }

    private static byte[] SealOf(ReadOnlySpan<byte> sealedPart) =>
        Encoding.UTF8.GetBytes(SealName + Convert.ToHexStringLower(SHA256.HashData(sealedPart)) + AfterSeal);

    private static CheckpointManifest Accept(JsonDocument json, string path)
    {
        var manifest = json.Deserialize(Json.Default.CheckpointManifest)!;
        try
        {
            FileName.CheckAll(manifest.Files);
        }
        catch (ArgumentException e)
        {
            throw new CheckpointException($"{path} lists files that no checkpoint has: {e.Message}", e);
        }

        return manifest;
    }

    [JsonSourceGenerationOptions(
        WriteIndented = true,
        NewLine = "\n",
        PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true
    )]
    [JsonSerializable(typeof(CheckpointManifest))]
    private sealed partial class Json : JsonSerializerContext;
}
