namespace ForwardForward.Learning.Recipes.Augmentations;

/// <summary>Turns the colours of a picture around the circle of red, green and blue; how bright and how grey they are stays.</summary>
internal static class Hue
{
    /// <param name="turns">Of the whole circle: a third makes green of red.</param>
    public static void Turn(float[] pixels, float turns)
    {
        for (var i = 0; i < pixels.Length; i += 3)
        {
            Turn(pixels.AsSpan(i, 3), turns);
        }
    }

    private static void Turn(Span<float> pixel, float turns)
    {
        var (red, green, blue) = (pixel[0], pixel[1], pixel[2]);
        float most = Math.Max(red, Math.Max(green, blue)),
            span = most - Math.Min(red, Math.Min(green, blue));
        if (span == 0)
        {
            return;
        }

        var sixths =
            most == red ? (green - blue) / span
            : most == green ? 2 + ((blue - red) / span)
            : 4 + ((red - green) / span);
        sixths += 6 * turns;
        (pixel[0], pixel[1], pixel[2]) = (Part(sixths + 5), Part(sixths + 3), Part(sixths + 1));

        // How far each stands below the brightest of the three goes up and down along the circle.
        float Part(float place)
        {
            place -= 6 * MathF.Floor(place / 6);
            return most - (span * Math.Clamp(Math.Min(place, 4 - place), 0, 1));
        }
    }
}
