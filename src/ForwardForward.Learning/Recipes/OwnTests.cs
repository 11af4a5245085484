namespace ForwardForward.Learning.Recipes;

/// <summary>Counts, over the slots of an evaluation, what each layer takes test images for by its own goodness.</summary>
internal sealed class OwnTests
{
    private int[] _wrong = [];
    private int _images;

    /// <summary>Counts the images of a slot that has come through all layers.</summary>
    public void Add(Slot slot)
    {
        if (slot.OwnErrors.Length == 0)
        {
            return;
        }

        _images += slot.Labels.Length;
        _wrong = _wrong.Length == 0 ? [.. slot.OwnErrors] : [.. _wrong.Zip(slot.OwnErrors, (one, other) => one + other)];
    }

    /// <summary>The error of every layer that images have passed, from the bottom up; begins anew.</summary>
    public IReadOnlyList<double> Take()
    {
        IReadOnlyList<double> errors = [.. _wrong.Select(wrong => (double)wrong / _images)];
        (_wrong, _images) = ([], 0);
        return errors;
    }
}
