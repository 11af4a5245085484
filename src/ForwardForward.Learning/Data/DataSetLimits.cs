using ForwardForward.Learning.Specs;

namespace ForwardForward.Learning.Data;

internal static class DataSetLimits
{
    private const int ShownDigits = 12;

    /// <summary>
    /// The data set as the spec wants it: turned where its pictures are stored transposed, and cut to holdOut, trainImages and testImages;
    /// the number of classes stays that of the whole.
    /// </summary>
    /// <exception cref="InvalidInputException">
    /// There are fewer images than asked for, or they are not those that the spec means.
    /// </exception>
    public static DataSet Limited(this DataSet data, ExperimentSpec spec)
    {
        if (spec.DatasetSha256.Length > 0 && spec.DatasetSha256 != data.Sha256)
        {
            throw new InvalidInputException(
                $"{data.Name} holds other data than the run began with: its images and labels have a SHA-256 that starts with "
                    + $"{data.Sha256[..ShownDigits]}, "
                    + $"expected {Shown(spec.DatasetSha256)} (datasetSha256 of the spec)."
            );
        }

        data = spec.Images.Transposed ? data with { Train = data.Train.Transposed(), Test = data.Test.Transposed() } : data;
        if (spec.HoldOut >= data.Train.Count)
        {
            throw new InvalidInputException(
                $"holdOut: {spec.HoldOut} images are held out of {data.Train.Count}, expected at least one to learn from."
            );
        }

        var (train, test) =
            spec.HoldOut == 0
                ? (data.Train, data.Test)
                : (data.Train.Part(0, data.Train.Count - spec.HoldOut), data.Train.Part(data.Train.Count - spec.HoldOut, spec.HoldOut));
        return data with { Train = First(train, spec.TrainImages, "trainImages"), Test = First(test, spec.TestImages, "testImages") };
    }

    private static string Shown(string sha256) => sha256.Length <= ShownDigits ? sha256 : sha256[..ShownDigits];

    private static LabelledImages First(LabelledImages images, int count, string field)
    {
        try
        {
            return images.First(count);
        }
        catch (InvalidInputException e)
        {
            throw new InvalidInputException($"{field}: {e.Message}", e);
        }
    }
}
