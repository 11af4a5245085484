using ForwardForward.Learning.Recipes;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tensors;

namespace ForwardForward.Contracts.Slots;

/// <summary>What rows look like as a whole, of which a message has a part; none where there are no rows.</summary>
internal readonly record struct RowsShape(Precision Precision, int Rows, int Width)
{
    public int Elements => Rows * Width;

    public static RowsShape Of(Activations? rows) => rows is null ? default : new RowsShape(rows.Precision, rows.Rows, rows.Width);
}

/// <summary>
/// A part of a slot's rows, or of those of the question that rides with it: what is too much for one message crosses the wire in several.
/// </summary>
/// <param name="Number">Of the slot's pieces, from 0.</param>
/// <param name="IsOfQuestion">Whose rows.</param>
/// <param name="First">Element that it begins with.</param>
/// <param name="Elements">One after the other.</param>
internal sealed record SlotPiece(int Number, bool IsOfQuestion, int First, int Elements)
{
    private static readonly SlotPiece?[] Whole = [null];

    public RowsShape Rows { get; init; }

    public RowsShape Question { get; init; }

    public long QuestionId { get; init; }

    public bool IsLast =>
        IsOfQuestion ? First + Elements == Question.Elements : Question.Elements == 0 && First + Elements == Rows.Elements;

    /// <summary>The pieces of a slot in the order in which they are sent; null alone: it goes as a whole.</summary>
    /// <param name="most">Bytes of rows that a message may have.</param>
    public static IReadOnlyList<SlotPiece?> Of(Slot slot, int most)
    {
        var (rows, asked) = (slot.Rows, slot.Question?.Rows);
        if ((rows?.Length ?? 0) + (long)(asked?.Length ?? 0) <= most)
        {
            return Whole;
        }

        var pieces = new List<SlotPiece?>();
        foreach (var part in new[] { rows, asked }.OfType<Activations>())
        {
            var step = Math.Max(1, most / part.Precision.ElementBytes());
            var elements = part.Rows * part.Width;
            for (var first = 0; first < elements; first += Math.Min(step, elements - first))
            {
                pieces.Add(
                    new SlotPiece(pieces.Count, part == asked, first, Math.Min(step, elements - first))
                    {
                        Rows = RowsShape.Of(rows),
                        Question = RowsShape.Of(asked),
                        QuestionId = slot.Question?.Id ?? 0,
                    }
                );
            }
        }

        return pieces;
    }

    /// <summary>The slot with this piece alone for its rows, as one row: a view that is to be disposed.</summary>
    internal Slot From(Slot slot) =>
        slot with
        {
            Rows = (IsOfQuestion ? slot.Question!.Rows : slot.Rows!).Flat(First, Elements),
            Question = null,
        };
}
