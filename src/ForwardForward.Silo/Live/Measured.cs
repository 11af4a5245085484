using ForwardForward.Contracts.Experiments;

namespace ForwardForward.Silo.Live;

/// <summary>What a layer measured, as it is told by HTTP; null is what no number is.</summary>
/// <param name="Seconds">Since the first slot.</param>
/// <param name="Layer">From 1.</param>
/// <param name="GoodnessPositive">Per unit, of rows with their true label.</param>
/// <param name="GoodnessNegative">The same of rows with a wrong label.</param>
/// <param name="Loss">Mean of a row, in nats.</param>
/// <param name="Pulling">Share of the rows that it still learns from.</param>
internal sealed record MeasuredLayer(
    double Seconds,
    int Layer,
    long Slot,
    int Epoch,
    double? GoodnessPositive,
    double? GoodnessNegative,
    double? Loss,
    double? Pulling
)
{
    public static MeasuredLayer Of(RunEvent measured)
    {
        var layer = measured.Layer!;
        return new(
            measured.Seconds,
            layer.Layer,
            layer.Slot,
            layer.Epoch,
            Finite.OrNull(layer.GoodnessPositive),
            Finite.OrNull(layer.GoodnessNegative),
            Finite.OrNull(layer.Loss),
            Finite.OrNull(layer.Pulling)
        );
    }
}

/// <summary>A test, as it is told by HTTP: errors are fractions, null where that was not part of it.</summary>
/// <param name="Seconds">Since the first slot.</param>
/// <param name="LayerErrors">Of each layer's own answer, from the bottom up.</param>
internal sealed record MeasuredTest(
    double Seconds,
    long Slot,
    int Epoch,
    double? TestErrorFast,
    double? TestErrorGoodness,
    IReadOnlyList<double?> LayerErrors
)
{
    public static MeasuredTest Of(RunEvent measured)
    {
        var test = measured.Evaluation!;
        return new(
            measured.Seconds,
            test.Slot,
            test.Epoch,
            Finite.OrNull(test.ErrorFast),
            Finite.OrNull(test.ErrorGoodness),
            [.. test.OwnErrors.Select(error => Finite.OrNull(error))]
        );
    }
}

/// <summary>What was answered wrongly of the newest thousand examples of a stream, each before the network learned from it.</summary>
/// <param name="Seconds">Since the first slot.</param>
/// <param name="Examples">Of the stream so far.</param>
/// <param name="PrequentialError">A fraction.</param>
internal sealed record MeasuredStream(double Seconds, long Slot, int Epoch, long Examples, double PrequentialError);
