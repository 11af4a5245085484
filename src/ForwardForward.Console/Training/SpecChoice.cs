using ForwardForward.Experiments.Data;
using ForwardForward.Learning;
using ForwardForward.Learning.Data;
using ForwardForward.Learning.Recipes;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Console.Training;

/// <summary>The spec that a request names, with everything that it sets.</summary>
/// <param name="Preset">Null where the spec came from a file.</param>
/// <param name="Title">What a run is named after.</param>
internal sealed record SpecChoice(string? Preset, string Title, ExperimentSpec Spec)
{
    /// <exception cref="InvalidInputException">There is no such preset or file, or a field is wrong.</exception>
    public static SpecChoice Of(TrainRequest request)
    {
        if (request.Choice is { } resolved)
        {
            return resolved;
        }

        if (request.From is { } run)
        {
            return TrainedRun.Choice(run).With(request);
        }

        var given = request.Experiment;
        var preset = Presets.Names.FirstOrDefault(name => name.Equals(given, StringComparison.OrdinalIgnoreCase));
        var choice =
            preset is null && IsFile(given)
                ? new SpecChoice(null, Path.GetFileNameWithoutExtension(given), SpecReader.ReadFile(given))
                : new SpecChoice(preset, given, Presets.Get(given));
        return choice.With(request);
    }

    /// <summary>The same with everything that a request sets.</summary>
    /// <exception cref="InvalidInputException">A field is wrong.</exception>
    public SpecChoice With(TrainRequest request) => this with { Spec = Override(Spec, request) };

    private static bool IsFile(string given) =>
        given.EndsWith(".json", StringComparison.OrdinalIgnoreCase) || given.Contains(Path.DirectorySeparatorChar) || File.Exists(given);

    private static ExperimentSpec Override(ExperimentSpec spec, TrainRequest request)
    {
        var changed = SpecReader.Set(spec, request.Set);
        changed = changed with
        {
            Epochs = request.Epochs ?? changed.Epochs,
            Seed = request.Seed ?? changed.Seed,
            Precision = request.Precision ?? changed.Precision,
            Dataset = request.Data ?? changed.Dataset,
            Stream = request.Stream is not null || changed.Stream,
        };
        changed = request.Transpose ? changed with { Images = changed.Images with { Transposed = true } } : changed;
        changed = IsOfOtherData(changed, spec, request) ? Undescribed(changed, spec) : changed;
        changed = request.Import is { } weights ? changed with { Start = changed.Start with { Weights = weights } } : changed;
        return SpecPlugins.Resolve(StartFile.Resolve(changed with { Dataset = Rooted(changed.Dataset) }));
    }

    // Whoever names a data set means what it holds now, also over the spec of an earlier run.
    private static bool IsOfOtherData(ExperimentSpec changed, ExperimentSpec given, TrainRequest request) =>
        request.Data is not null || changed.Dataset != given.Dataset;

    private static ExperimentSpec Undescribed(ExperimentSpec changed, ExperimentSpec given)
    {
        var (images, before, none) = (changed.Images, given.Images, new ImagesSpec());
        return changed with
        {
            DatasetSha256 = changed.DatasetSha256 == given.DatasetSha256 ? "" : changed.DatasetSha256,
            Images = images with
            {
                Channels = images.Channels == before.Channels ? none.Channels : images.Channels,
                Height = images.Height == before.Height ? none.Height : images.Height,
                ClassNames = images.ClassNames == before.ClassNames ? none.ClassNames : images.ClassNames,
            },
        };
    }

    // The stored spec must mean the same folder wherever it is run from.
    private static string Rooted(string dataset) =>
        KnownDataSet.All.All(known => known.Name != dataset) && IdxFolder.IsNamed(dataset) ? Path.GetFullPath(dataset) : dataset;
}
