using System.Buffers.Binary;
using System.Text;
using ForwardForward.Learning.Checkpoints;
using ForwardForward.Learning.Recipes;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tensors;
using ForwardForward.Learning.Tests.Data;

namespace ForwardForward.Learning.Tests.Recipes;

public sealed class InitialWeightsTests : IDisposable
{
    private const int Pixels = 9;
    private const int Classes = 3;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("[1,4]")]
    [InlineData("[4]")] // as PyTorch writes it
    public void A_bias_is_a_row_or_of_one_dimension(string shape)
    {
        InitialWeights.Check(Spec(Saved(shape)), Pixels, Classes);
    }

    [Fact]
    public void A_bias_of_other_units_is_refused_in_either_form()
    {
        var refused = Assert.Throws<InvalidInputException>(() =>
            InitialWeights.Check(Spec(Saved("[4]")) with { Layers = [5] }, Pixels, Classes)
        );

        Assert.Contains("has a tensor 'layers.0.weight' of 4 x 9, expected 5 x 9", refused.Message, StringComparison.Ordinal);
    }

    private static ExperimentSpec Spec(string weights) =>
        new()
        {
            Layers = [4, 4],
            Readout = new() { FirstLayer = 1 },
            Start = new() { Weights = weights },
        };

    private string Saved(string shapeOfBias)
    {
        StateTensor Random(string name, int rows, int columns) =>
            StateTensor.Of(name, rows, [.. Enumerable.Range(0, rows * columns).Select(i => i / 7f)]);
        var file = Safetensors
            .Write(
                [
                    Random("layers.0.weight", 4, Pixels),
                    Random("layers.0.bias", 1, 4),
                    Random("layers.1.weight", 4, 4),
                    Random("layers.1.bias", 1, 4),
                    Random("readout.weight", Classes, 8),
                ],
                new Dictionary<string, string>()
            )
            .SelectMany(part => part.ToArray())
            .ToArray();
        var end = sizeof(ulong) + (int)BinaryPrimitives.ReadUInt64LittleEndian(file);
        var header = Encoding.UTF8.GetString(file, sizeof(ulong), end - sizeof(ulong));
        var other = header.Replace("[1,4]", shapeOfBias, StringComparison.Ordinal).PadRight(header.Length);
        return _folder.Save("model.safetensors", [.. file[..sizeof(ulong)], .. Encoding.UTF8.GetBytes(other), .. file[end..]]);
    }
}
