namespace ForwardForward.Learning.Recipes.Augmentations;

/// <summary>
/// One way in which a training picture is another one in every epoch. What it does depends on seed, batch and place alone, so that a replay
/// makes the same rows, and only on operations that every machine rounds alike (+, -, *, / and the square root).
/// </summary>
internal interface IAugmentation
{
    /// <summary>Changes a picture.</summary>
    /// <param name="pixels">Of the picture, from 0 to 1.</param>
    /// <param name="batch">Numbered through all epochs.</param>
    /// <param name="place">Of the picture in the batch.</param>
    void Apply(float[] pixels, long batch, int place);
}
