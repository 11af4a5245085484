namespace ForwardForward.Console.Predictions;

/// <summary>Forms in which other programs take a network.</summary>
internal enum ExportFormat
{
    /// <summary>The weights alone.</summary>
    Safetensors,

    /// <summary>The whole computation, from pictures to answers.</summary>
    Onnx,
}
