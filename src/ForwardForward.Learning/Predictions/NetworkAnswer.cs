namespace ForwardForward.Learning.Predictions;

/// <summary>The test by which a network answers what an image shows.</summary>
public enum PredictionTest
{
    /// <summary>One pass with the neutral label, and the readout.</summary>
    Fast,

    /// <summary>The readout and the goodness of every label together.</summary>
    Joint,
}

/// <summary>What a network says of images.</summary>
/// <param name="Probabilities">Row-major images x classes; those of an image add up to 1, and the greatest is that of its class.</param>
internal sealed record NetworkAnswer(float[] Probabilities, PredictionTest Test);
