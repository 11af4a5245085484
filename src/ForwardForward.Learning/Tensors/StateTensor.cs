using System.Runtime.InteropServices;

namespace ForwardForward.Learning.Tensors;

/// <summary>A copy of one tensor of a stage's state: fp32, row by row, little-endian.</summary>
/// <param name="Name">As in the state hash.</param>
/// <param name="Data">4 * rows * columns bytes.</param>
public sealed record StateTensor(string Name, int Rows, int Columns, ReadOnlyMemory<byte> Data)
{
    internal static StateTensor Of(string name, Matrix value) =>
        new(name, value.Rows, value.Columns, value.RowSpan<byte>(0, value.Rows).ToArray());

    public static StateTensor Of(string name, int rows, ReadOnlySpan<float> values) =>
        new(name, rows, values.Length / rows, MemoryMarshal.AsBytes(values).ToArray());

    /// <summary>
    /// The tensor of a whole layer, of those of its parts: rows below each other, or the values of a single row after each other.
    /// </summary>
    internal static StateTensor Joined(IReadOnlyList<StateTensor> parts)
    {
        if (parts.Count == 1)
        {
            return parts[0];
        }

        var isBias = parts[0].Name.StartsWith("bias", StringComparison.Ordinal);
        return parts[0] with
        {
            Rows = isBias ? 1 : parts.Sum(part => part.Rows),
            Columns = isBias ? parts.Sum(part => part.Columns) : parts[0].Columns,
            Data = parts.SelectMany(part => part.Data.ToArray()).ToArray(),
        };
    }

    public float[] ToFloats() => MemoryMarshal.Cast<byte, float>(Data.Span).ToArray();

    /// <summary>Copies a state back into the tensors that it came from.</summary>
    /// <exception cref="InvalidInputException">A tensor is missing, or has another shape.</exception>
    internal static void Restore(IEnumerable<(string Name, Matrix Value)> stage, IReadOnlyList<StateTensor> state)
    {
        foreach (var (name, value) in stage)
        {
            Find(state, name, value.Rows, value.Columns).Data.Span.CopyTo(value.RowSpan<byte>(0, value.Rows));
        }
    }

    /// <exception cref="InvalidInputException">There is no such tensor.</exception>
    internal static StateTensor Find(IReadOnlyList<StateTensor> state, string name, int rows, int columns) =>
        state.FirstOrDefault(tensor => tensor.Name == name) is { } found
        && (found.Rows, found.Columns) == (rows, columns)
        && found.Data.Length == sizeof(float) * rows * columns
            ? found
            : throw new InvalidInputException($"The checkpoint has no tensor '{name}' of {rows} x {columns}: it is of another network.");
}
