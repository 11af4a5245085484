namespace ForwardForward.Silo.Live;

/// <summary>JSON has no word for what a network that came apart measures.</summary>
internal static class Finite
{
    public static double? OrNull(double? value) => value is { } number && double.IsFinite(number) ? number : null;
}
