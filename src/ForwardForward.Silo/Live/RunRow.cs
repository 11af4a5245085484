using System.Text.Json.Serialization;
using ForwardForward.Contracts.Experiments;
using ForwardForward.Learning.Convolutions;

namespace ForwardForward.Silo.Live;

/// <summary>A run as a list of runs tells it by HTTP.</summary>
internal record RunRow
{
    public required string Run { get; init; }

    /// <summary>queued, running, paused, recovering, done or failed.</summary>
    public required string State { get; init; }

    /// <summary>Null where the spec came from a file.</summary>
    public string? Preset { get; init; }

    /// <summary>From 1; 0 before the first slot is through.</summary>
    public required int Epoch { get; init; }

    public required int Epochs { get; init; }

    /// <summary>Slots that have gone through the whole pipeline.</summary>
    public required long Slot { get; init; }

    /// <summary>Slots of the whole run.</summary>
    public required long Slots { get; init; }

    /// <summary>A fraction; null where it was not tested yet.</summary>
    public double? TestErrorFast { get; init; }

    /// <summary>A fraction; null where it was not part of the last test.</summary>
    public double? TestErrorGoodness { get; init; }

    /// <summary>Of a run that learns from a stream: of the newest thousand examples; left out of others.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? PrequentialError { get; init; }

    /// <summary>Examples of a stream that are through; left out of other runs.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Examples { get; init; }

    /// <summary>Null before the run has opened its data.</summary>
    public int? Classes { get; init; }

    /// <summary>Left out where classes have no names.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? ClassNames { get; init; }

    /// <summary>What its pictures measure; null where they are none, or the run has not begun.</summary>
    public PictureSize? Picture { get; init; }

    public static RunRow Of(RunStatus status) =>
        new()
        {
            Run = status.Run,
            State = status.State.ToString().ToLowerInvariant(),
            Preset = status.Preset,
            Epoch = status.Epoch,
            Epochs = status.Spec.Epochs,
            Slot = status.Slot,
            Slots = status.Slots,
            TestErrorFast = Finite.OrNull(status.LastEvaluation?.ErrorFast),
            TestErrorGoodness = Finite.OrNull(status.LastEvaluation?.ErrorGoodness),
            PrequentialError = status.Prequential?.Error,
            Examples = status.Prequential?.Examples,
            Classes = status.Data?.Classes,
            ClassNames = ClassNamesOf(status),
            Picture =
                status.Data is { } data && PictureShape.Find(status.Spec.Images, data.Pixels) is { } shape
                    ? new PictureSize(shape.Height, shape.Width, shape.Channels)
                    : null,
        };

    private static IReadOnlyList<string>? ClassNamesOf(RunStatus status) => Learning.Data.ClassNames.Split(status.Spec.Images.ClassNames);
}

/// <summary>Pixels of a picture, and numbers of a pixel.</summary>
internal sealed record PictureSize(int Height, int Width, int Channels);
