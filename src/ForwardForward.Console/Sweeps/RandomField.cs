using System.Globalization;
using ForwardForward.Learning;
using ForwardForward.Learning.Exactness;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Console.Sweeps;

/// <summary>A field whose values are drawn from a range, both ends included.</summary>
/// <param name="Path">As the spec declares it.</param>
/// <param name="IsLogarithmic">Whether equal ratios are equally likely, rather than equal differences.</param>
/// <param name="IsWhole">Whether the field takes whole numbers.</param>
internal sealed record RandomField(string Path, double Low, double High, bool IsLogarithmic, bool IsWhole)
{
    public const string Option = "--random";
    private const string Between = "..";
    private const string Logarithmic = ":log";
    private const int Digits = 4; // more tell nothing, and are not the same on every machine
    private const int MaxDecimals = 15;

    /// <param name="text"><c>path=low..high</c> or <c>path=low..high:log</c>.</param>
    /// <param name="spec">What the values are tried in.</param>
    /// <exception cref="InvalidInputException">There is no such field, or it cannot have a value of the range.</exception>
    public static RandomField Parse(string text, ExperimentSpec spec)
    {
        var shown = text.ReplaceLineEndings(" ");
        if (
            text.IndexOf('=', StringComparison.Ordinal) is not (> 0 and var equals)
            || text[(equals + 1)..].Split(Between) is not [var from, var to]
            || !TryNumber(from, out var low)
            || !TryNumber(Bare(to), out var high)
        )
        {
            throw new InvalidInputException(
                $"{Option}: '{shown}' has no range, expected path=low..high or path=low..high:log as in "
                    + "optimizer.learningRate=0.001..0.1:log."
            );
        }

        var given = text[..equals].Trim();
        SpecReader.Set(spec, [$"{given}={from.Trim()}", $"{given}={Bare(to)}"], Option);
        var path = FieldPath.Declared(given);
        var field = SpecFields.Find(path)!;
        return field is not (WholeField or NumberField)
                ? throw new InvalidInputException(
                    $"{Option}: {path} takes {field.Expected}, expected a field that takes numbers; --grid tries others."
                )
            : low >= high
                ? throw new InvalidInputException($"{Option}: {path} is drawn from {from} to {Bare(to)}, expected the lower end first.")
            : low <= 0 && to.EndsWith(Logarithmic, StringComparison.Ordinal)
                ? throw new InvalidInputException($"{Option}: {path} is drawn from {from} on a log scale, expected more than 0.")
            : new RandomField(path, low, high, to.EndsWith(Logarithmic, StringComparison.Ordinal), field is WholeField);
    }

    /// <summary>A value, as it stands behind an equals sign; the same on every machine.</summary>
    /// <param name="random">A stream for this value alone.</param>
    public string Draw(KeyedRandom random)
    {
        var share = (double)random.NextSingle();
        var value =
            IsWhole ? Math.Floor(Within(share, Low, High + 1))
            : IsLogarithmic ? Rounded(Within(share, Low, High), Within(share, Low, High))
            : Rounded(Within(share, Low, High), High - Low);
        return Math.Clamp(value, Low, High).ToString("R", CultureInfo.InvariantCulture);
    }

    private double Within(double share, double low, double high) =>
        IsLogarithmic ? low * Math.Pow(high / low, share) : low + (share * (high - low));

    private static double Rounded(double value, double scale)
    {
        var decimals = Digits - 1 - (int)Math.Floor(Math.Log10(scale));
        return decimals is >= 0 and <= MaxDecimals ? Math.Round(value, decimals) : value;
    }

    private static string Bare(string end) =>
        (end.EndsWith(Logarithmic, StringComparison.Ordinal) ? end[..^Logarithmic.Length] : end).Trim();

    private static bool TryNumber(string text, out double number) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number) && double.IsFinite(number);
}
