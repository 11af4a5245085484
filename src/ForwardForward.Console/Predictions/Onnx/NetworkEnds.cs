namespace ForwardForward.Console.Predictions.Onnx;

/// <summary>How wide a network is at its two ends.</summary>
/// <param name="Pixels">Of the pictures that it takes.</param>
/// <param name="Classes">That it tells apart.</param>
internal readonly record struct NetworkEnds(int Pixels, int Classes);
