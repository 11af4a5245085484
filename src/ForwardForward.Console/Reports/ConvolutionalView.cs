using ForwardForward.Console.Predictions;
using ForwardForward.Learning.Convolutions;
using ForwardForward.Learning.Data;
using ForwardForward.Learning.Predictions;
using ForwardForward.Learning.Recipes;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Console.Reports;

/// <summary>A test image, and where each layer sees each class in it.</summary>
internal sealed record SeenImage(int Image, int Label, IReadOnlyList<GoodnessMaps> Layers);

/// <summary>What convolutional layers have learned, and what they make of test images.</summary>
/// <param name="Side">Of a kernel of the first layer.</param>
/// <param name="Channels">Of a kernel: one or three.</param>
/// <param name="Kernels">
/// Of the first layer, by the class that they speak for, each by its largest weight; none where they are no pictures.
/// </param>
/// <param name="AreAssigned">Whether that is what they have learned, and not which set they are in.</param>
internal sealed record ConvolutionalView(
    int Side,
    int Channels,
    ILookup<int, float[]> Kernels,
    bool AreAssigned,
    IReadOnlyList<SeenImage> Images
)
{
    private const int Colours = 3;

    /// <param name="shown">Numbers of the test images that are looked at.</param>
    /// <returns>Null where the network has no convolutional layers that learn alone.</returns>
    public static ConvolutionalView? Of(RunCheckpoint checkpoint, TrainedNetwork network, LabelledImages test, IEnumerable<int> shown)
    {
        if (Recipe.NameOf(checkpoint.Spec) != RecipeKind.Convolution)
        {
            return null;
        }

        var kernel = checkpoint.Spec.Convolutions[0].Kernel;
        var weights = checkpoint.Stages[0].First(tensor => tensor.Name == "weights");
        var assigned = checkpoint.Stages[0].FirstOrDefault(tensor => tensor.Name == ChannelAssignment.Scores);
        var channels = weights.Columns / (kernel * kernel);
        var ofClass = Math.Max(1, weights.Rows / network.Classes);
        var classes = assigned?.ToFloats().Chunk(network.Classes).Select(scores => Array.IndexOf(scores, scores.Max())).ToList();
        return new ConvolutionalView(
            kernel,
            channels,
            (channels is 1 or Colours ? weights.ToFloats().Chunk(weights.Columns) : [])
                .Select((one, i) => (Class: classes?[i] ?? i / ofClass, Kernel: Visible(one)))
                .ToLookup(one => one.Class, one => one.Kernel),
            assigned is not null,
            [.. shown.Select(image => new SeenImage(image, test.Labels[image], Maps(network, test, image)))]
        );
    }

    private static List<GoodnessMaps> Maps(TrainedNetwork network, LabelledImages test, int image)
    {
        var maps = new List<GoodnessMaps>();
        network.Look(test, image, layer => maps.Add(((ConvolutionLayer)layer).Maps(0)));
        return maps;
    }

    private static float[] Visible(float[] kernel)
    {
        var full = Math.Max(float.Epsilon, kernel.Max(Math.Abs));
        return Array.ConvertAll(kernel, weight => weight / full);
    }
}
