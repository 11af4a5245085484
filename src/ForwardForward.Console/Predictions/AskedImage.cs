namespace ForwardForward.Console.Predictions;

/// <summary>An image that somebody asks about.</summary>
/// <param name="Pixels">What the network is shown, row-major; null where the image cannot be used.</param>
/// <param name="Refusal">Why it cannot, in one sentence; else null.</param>
internal sealed record AskedImage(string Name, byte[]? Pixels, string? Refusal = null);
