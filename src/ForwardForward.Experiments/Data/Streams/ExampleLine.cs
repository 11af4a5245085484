using System.Text.Json;
using ForwardForward.Experiments.Data.Pictures;
using ForwardForward.Learning;
using ForwardForward.Learning.Data;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Streams;

namespace ForwardForward.Experiments.Data.Streams;

/// <summary>
/// An example of a stream as a line of JSON: <c>label</c>, a number or the name of a class, and either <c>pixels</c>, as Base64 of a byte
/// each or as an array of numbers from 0 to 255, or <c>picture</c>, Base64 of a PNG or JPEG. The journal of a stream has the same lines.
/// </summary>
/// <param name="spec">Of the run.</param>
/// <param name="pixels">Of its pictures.</param>
/// <param name="classes">Of its data.</param>
internal sealed class ExampleLine(ExperimentSpec spec, int pixels, int classes)
{
    /// <summary>The last line of a journal whose stream has ended.</summary>
    public static ReadOnlyMemory<byte> End { get; } = "{\"end\":true}\n"u8.ToArray();

    /// <summary>Of a line.</summary>
    public const int MaxBytes = 8 << 20;
    private const int MaxPixelsAtOnce = 16_000_000;
    private const string Expected = "expected {\"label\":7,\"pixels\":\"BASE64\"} or {\"label\":7,\"picture\":\"BASE64 of a PNG or JPEG\"}";
    private readonly IReadOnlyList<string>? _names = ClassNames.Split(spec.Images.ClassNames);

    /// <summary>Of a picture of the run.</summary>
    public int Pixels => pixels;

    /// <param name="line">Without its end.</param>
    /// <param name="origin">Names the line, as sentences begin.</param>
    /// <exception cref="InvalidInputException">It is no example, or none for this run.</exception>
    public Example Read(ReadOnlyMemory<byte> line, string origin)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            return Read(json.RootElement, origin);
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException)
        {
            throw new InvalidInputException($"{origin} is no example, {Expected}.", e);
        }
    }

    /// <summary>An example as a line, with its end.</summary>
    public static string Write(byte label, ReadOnlySpan<byte> pixels) =>
        $"{{\"label\":{label},\"pixels\":\"{Convert.ToBase64String(pixels)}\"}}\n";

    private Example Read(JsonElement line, string origin)
    {
        if (line.ValueKind != JsonValueKind.Object)
        {
            throw new InvalidInputException($"{origin} is no example, {Expected}.");
        }

        foreach (var field in line.EnumerateObject().Where(field => field.Name is not ("label" or "pixels" or "picture")))
        {
            throw new InvalidInputException($"{origin} has the field '{Shown(field.Name)}', {Expected}.");
        }

        var hasPixels = line.TryGetProperty("pixels", out var given);
        if (!line.TryGetProperty("label", out var label) || line.TryGetProperty("picture", out var picture) == hasPixels)
        {
            throw new InvalidInputException($"{origin} has no label, or not one of pixels and picture, {Expected}.");
        }

        return new Example(Label(label, origin), hasPixels ? PixelsOf(given, origin) : Picture(picture, origin));
    }

    private byte Label(JsonElement label, string origin)
    {
        if (label.ValueKind == JsonValueKind.Number && label.TryGetInt32(out var number) && number >= 0 && number < classes)
        {
            return (byte)number;
        }

        var named = label.ValueKind == JsonValueKind.String && _names is not null ? _names.ToList().IndexOf(label.GetString()!) : -1;
        if (named >= 0)
        {
            return (byte)named;
        }

        var names = _names is null ? "" : $", or the name of a class ({Shown(string.Join(", ", _names))})";
        throw new InvalidInputException($"{origin} has the label {Shown(label.GetRawText())}, expected 0 to {classes - 1}{names}.");
    }

    private byte[] PixelsOf(JsonElement given, string origin)
    {
        var read =
            given.ValueKind == JsonValueKind.Array
                ? [.. given.EnumerateArray().Select(pixel => Shade(pixel, origin))]
                : given.GetBytesFromBase64();
        return read.Length == pixels ? read : throw new InvalidInputException($"{origin} has {read.Length} pixels, expected {pixels}.");
    }

    private static byte Shade(JsonElement pixel, string origin) =>
        pixel.ValueKind == JsonValueKind.Number && pixel.TryGetByte(out var shade)
            ? shade
            : throw new InvalidInputException($"{origin} has the pixel {Shown(pixel.GetRawText())}, expected whole numbers from 0 to 255.");

    private byte[] Picture(JsonElement picture, string origin) =>
        ImageFile.Read(picture.GetBytesFromBase64(), $"The picture of {Lower(origin)}", PictureFrame.Of(spec, pixels), MaxPixelsAtOnce);

    private static string Lower(string origin) => char.ToLowerInvariant(origin[0]) + origin[1..];

    private static string Shown(string text)
    {
        const int Longest = 40;
        var line = text.ReplaceLineEndings(" ");
        return line.Length <= Longest ? line : $"{line[..Longest]}...";
    }
}
