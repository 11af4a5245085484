using ForwardForward.Learning.Specs;

namespace ForwardForward.Learning.Data;

public static class DataSetLimits
{
    /// <summary>The data set cut to the spec's trainImages and testImages; the number of classes stays that of the whole.</summary>
    /// <exception cref="InvalidInputException">There are fewer images than asked for.</exception>
    public static DataSet Limited(this DataSet data, ExperimentSpec spec) => data with
    {
        Train = First(data.Train, spec.TrainImages, "trainImages"),
        Test = First(data.Test, spec.TestImages, "testImages"),
    };

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
