using System.Globalization;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Learning.Recipes;

/// <summary>What one part of a run takes.</summary>
/// <param name="Name">For a person.</param>
internal sealed record PartMemory(string Name, long Bytes);

/// <summary>
/// Memory that the parts of a run take, as far as its spec and its data tell. An upper estimate of what is held at once: a step's own
/// buffers are in it, the program is not.
/// </summary>
internal static class MemoryEstimate
{
    /// <param name="images">For training and for testing together.</param>
    /// <param name="pixels">Width of the pictures.</param>
    /// <returns>The layers from the bottom up, the readout, the images.</returns>
    public static IReadOnlyList<PartMemory> Of(ExperimentSpec spec, SlotPlan plan, long images, int pixels, int classes) =>
        [.. Recipe.Of(spec).Network.Memory(plan, pixels, classes), new PartMemory("the images", images * (pixels + 1))];

    /// <summary>Refuses parts that do not fit together where they are to be.</summary>
    /// <param name="place">For a person.</param>
    /// <param name="room">Bytes that are there.</param>
    /// <exception cref="InvalidInputException">They do not; the sentence has the numbers.</exception>
    public static void Require(IReadOnlyList<PartMemory> parts, string place, long room)
    {
        var needed = parts.Sum(part => part.Bytes);
        var largest = parts.MaxBy(part => part.Bytes)!;
        if (needed > room)
        {
            throw new InvalidInputException(
                $"The run needs {Gigabytes(needed)} of memory on {place}, {largest.Name} alone {Gigabytes(largest.Bytes)}, and "
                    + $"there are {Gigabytes(room)}: expected narrower layers, smaller batches or more machines."
            );
        }
    }

    private static string Gigabytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:0.000} GB");
}
