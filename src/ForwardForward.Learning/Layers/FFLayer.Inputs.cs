using ForwardForward.Learning.Tensors;

namespace ForwardForward.Learning.Layers;

/// <summary>How a layer takes in the rows that it is sent.</summary>
internal sealed partial class FFLayer
{
    private void Load(Activations? input, int width, int firstColumn, RowLayout layout)
    {
        var rows = layout.Total;
        if (rows > _z.Rows || (input is not null && (input.Width != width || input.Precision != _precision || rows % input.Rows != 0)))
        {
            throw new ArgumentException(
                $"Layer {Index + 1} takes at most {_z.Rows} rows of {width} in {_precision}, not {input?.Rows ?? rows} rows of "
                    + $"{input?.Width ?? width} in {input?.Precision ?? _precision}.",
                nameof(input)
            );
        }

        if (_integers is not null)
        {
            LoadIntegers(input, width, firstColumn, layout);
            return;
        }

        var element = _precision.ElementBytes();
        if (Shape.Field is { } field && firstColumn == 0)
        {
            _threads.For(field.Places.Count, place => Gather(field.Places[place], input!, _x[place], element, layout));
        }
        else if (input?.Rows == rows && width == Inputs)
        {
            var bytes = width * element;
            ForPieces(rows, row => input.Bytes.Slice(row * bytes, bytes).CopyTo(_x[0].Row<byte>(row)));
        }
        else if (width > 0)
        {
            Array.ForEach(_x, x => Place(input, x, width * element, firstColumn * element, layout));
        }
    }

    private static void Place(Activations? input, Matrix x, int bytes, int first, RowLayout layout)
    {
        for (var row = 0; row < layout.Total; row++)
        {
            var target = x.Row<byte>(row).Slice(first, bytes);
            if (input is null)
            {
                target.Clear();
            }
            else
            {
                input.Bytes.Slice(layout.Standing(row, input.Rows) * bytes, bytes).CopyTo(target);
            }
        }
    }

    private static void Gather(IReadOnlyList<(int First, int Count)> runs, Activations input, Matrix x, int element, RowLayout layout)
    {
        for (var row = 0; row < layout.Total; row++)
        {
            var from = input.Bytes.Slice(layout.Standing(row, input.Rows) * input.Width * element, input.Width * element);
            var to = x.Row<byte>(row);
            foreach (var (first, count) in runs)
            {
                from.Slice(first * element, count * element).CopyTo(to);
                to = to[(count * element)..];
            }
        }
    }
}
