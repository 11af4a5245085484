using System.Globalization;
using System.Runtime.InteropServices;
using ForwardForward.Learning.Tensors;
using Google.Protobuf;
using Onnx;

namespace ForwardForward.Console.Predictions.Onnx;

/// <summary>An ONNX graph that grows from its input to its outputs. Every value has a name, and what makes one returns it.</summary>
/// <param name="weights">Of the network, under the names of docs/weights.md.</param>
internal sealed class OnnxGraph(IReadOnlyList<StateTensor> weights)
{
    private readonly HashSet<string> _constants = [];

    public GraphProto Proto { get; } = new() { Name = "network" };

    /// <summary>A tensor of the network as the file has it; the graph shares its memory.</summary>
    public StateTensor Weights(string name) => weights.First(tensor => tensor.Name == name);

    /// <summary>A tensor of floats whose first dimension is free: what a caller gives.</summary>
    public string Input(string name, string description, long width)
    {
        Proto.Input.Add(Rows(name, description, width));
        return name;
    }

    /// <summary>A tensor of floats whose first dimension is free: what a caller gets.</summary>
    public void Output(string name, string description, long width) => Proto.Output.Add(Rows(name, description, width));

    /// <param name="operation">An operator of ONNX.</param>
    /// <param name="name">Of its result.</param>
    public string Node(string operation, string name, IEnumerable<string> inputs, params AttributeProto[] attributes)
    {
        Proto.Node.Add(
            new NodeProto
            {
                OpType = operation,
                Name = name,
                Input = { inputs },
                Output = { name },
                Attribute = { attributes },
            }
        );
        return name;
    }

    /// <summary>A tensor of the network, the same one for all who ask.</summary>
    public string Constant(StateTensor tensor, params long[] dimensions) =>
        Constant(tensor.Name, TensorProto.Types.DataType.Float, UnsafeByteOperations.UnsafeWrap(tensor.Data), dimensions);

    /// <summary>Numbers that all who ask by this name share.</summary>
    public string Numbers(string name, float[] values, params long[] dimensions) =>
        Constant(name, TensorProto.Types.DataType.Float, ByteString.CopyFrom(MemoryMarshal.AsBytes<float>(values)), dimensions);

    /// <inheritdoc cref="Numbers"/>
    public string Integers(string name, params long[] values) =>
        Constant(name, TensorProto.Types.DataType.Int64, ByteString.CopyFrom(MemoryMarshal.AsBytes<long>(values)), values.Length);

    public string Number(float value) => Numbers(value.ToString("R", CultureInfo.InvariantCulture), [value]);

    public static AttributeProto Attribute(string name, long value) =>
        new()
        {
            Name = name,
            Type = AttributeProto.Types.AttributeType.Int,
            I = value,
        };

    public static AttributeProto Attribute(string name, params long[] values) =>
        new()
        {
            Name = name,
            Type = AttributeProto.Types.AttributeType.Ints,
            Ints = { values },
        };

    private string Constant(string name, TensorProto.Types.DataType type, ByteString bytes, params long[] dimensions)
    {
        if (_constants.Add(name))
        {
            Proto.Initializer.Add(
                new TensorProto
                {
                    Name = name,
                    DataType = (int)type,
                    RawData = bytes,
                    Dims = { dimensions },
                }
            );
        }

        return name;
    }

    private static ValueInfoProto Rows(string name, string description, long width) =>
        new()
        {
            Name = name,
            DocString = description,
            Type = new TypeProto
            {
                TensorType = new TypeProto.Types.Tensor
                {
                    ElemType = (int)TensorProto.Types.DataType.Float,
                    Shape = new TensorShapeProto
                    {
                        Dim =
                        {
                            new TensorShapeProto.Types.Dimension { DimParam = "N" },
                            new TensorShapeProto.Types.Dimension { DimValue = width },
                        },
                    },
                },
            },
        };
}
