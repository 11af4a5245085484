using System.Globalization;
using ForwardForward.Learning.Convolutions;
using ForwardForward.Learning.Data;

namespace ForwardForward.Console.Reports;

/// <summary>Shows the kernels of the first convolutional layer, and where in an image each layer sees each class.</summary>
/// <param name="names">Of the classes; null: they have none.</param>
/// <param name="picture">A test image with a caption.</param>
internal sealed class ConvolutionSection(
    ConvolutionalView view,
    int classes,
    IReadOnlyList<string>? names,
    Func<int, string, SmallPicture> picture
)
{
    private const int ShownClasses = 10;
    private const int ShownKernels = 16;

    /// <summary>A row of kernels for every class.</summary>
    public string Kernels()
    {
        if (view.Kernels.Count == 0)
        {
            return $"<p class=\"none\">A kernel has {view.Channels} numbers for each point, which are no picture.</p>";
        }

        var rows = Enumerable
            .Range(0, Math.Min(classes, ShownClasses))
            .Select(set =>
                $"<tr><th scope=\"row\">{Name(set)}</th><td>"
                + PictureGrid.Html(
                    view.Kernels[set]
                        .Take(ShownKernels)
                        .Select(kernel => new SmallPicture(kernel, view.Side, view.Side, Channels: view.Channels)),
                    "a kernel",
                    isSigned: true
                )
                + "</td></tr>"
            );
        return (view.AreAssigned ? "<p>By the class that each kernel's channel speaks for most.</p>" : "")
            + Left(view.Kernels.Max(set => set.Count()), ShownKernels, "kernels of a class")
            + Left(classes, ShownClasses, "classes")
            + $"<div class=\"wide\"><table class=\"sets\">{string.Concat(rows)}</table></div>";
    }

    /// <summary>The images, with a row of maps for every layer.</summary>
    public string Maps() =>
        "<p>A map is where the goodness of a class is: the mean over the channels of its set, or what all channels say of it, as dark as "
        + "it is large beside all of the layer. Below it is its mean over all points, which is the goodness of the class"
        + (classes > ShownClasses ? $"; the {ShownClasses} classes with the most, and the true one" : "")
        + ".</p>"
        + string.Concat(view.Images.Select(Image));

    private string Image(SeenImage seen) =>
        $"<h3>{Name(seen.Label)}, test image {seen.Image}</h3>"
        + PictureGrid.Html([picture(seen.Image, "")], "a test image")
        + string.Concat(seen.Layers.Select((layer, i) => Layer(layer, i + 1, seen.Label)));

    private string Layer(GoodnessMaps layer, int number, int label)
    {
        var best = Enumerable.Range(0, classes).MaxBy(set => layer.Goodness[set]);
        var largest = Math.Max(float.Epsilon, layer.Maps.Max(map => map.Max()));
        var shown = Enumerable
            .Range(0, classes)
            .OrderByDescending(set => layer.Goodness[set])
            .Where((set, rank) => rank < ShownClasses || set == label)
            .Order()
            .Select(set => new SmallPicture(
                Array.ConvertAll(layer.Maps[set], value => value / largest),
                layer.Points.Width,
                layer.Points.Height,
                string.Create(CultureInfo.InvariantCulture, $"{Plain(set)}{(set == label ? " ✓" : "")} {layer.Goodness[set]:0.000}")
            ));
        return $"<p class=\"maps\">Layer {number}, {layer.Points.Height} x {layer.Points.Width} points, {Channels(layer.ChannelsOfClass)}: "
            + $"most goodness for {Name(best)}</p>"
            + PictureGrid.Html(shown, "where the goodness of a class is");
    }

    private static string Channels(int ofClass) =>
        ofClass switch
        {
            0 => "channels that speak for what they have learned to",
            1 => "1 channel a class",
            _ => $"{ofClass} channels a class",
        };

    private static string Left(int all, int shown, string what) => all > shown ? $"<p>The first {shown} of {all} {what}.</p>" : "";

    private string Name(int set) => Markup.Escape(Plain(set));

    private string Plain(int set) => ClassNames.Of(names, set);
}
