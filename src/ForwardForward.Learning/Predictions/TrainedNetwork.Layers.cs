using ForwardForward.Learning.Data;
using ForwardForward.Learning.Recipes;

namespace ForwardForward.Learning.Predictions;

internal sealed partial class TrainedNetwork
{
    /// <summary>What each layer finds of images by its own goodness, asked as a network that trains is.</summary>
    /// <param name="images">Of as many pixels each as the network takes; their labels are not looked at.</param>
    /// <returns>Null where no layer tells one class from another.</returns>
    /// <exception cref="InvalidInputException">The images are of another size.</exception>
    public LayerGoodness? Layers(LabelledImages images)
    {
        Require(images);
        var pictures = new PictureRows(images, Classes, _spec, _recipe.HasLabels);
        var most = PredictionRequest.MaxTried(Classes);
        var found = new List<LayerGoodness>();
        for (var first = 0; first < images.Count; first += most)
        {
            var count = Math.Min(most, images.Count - first);
            if (Tried(pictures, first, count)?.Of(count, Classes) is not { } some)
            {
                return null;
            }

            found.Add(some);
        }

        return new LayerGoodness([.. found.SelectMany(some => some.Labels)], [.. found.SelectMany(some => some.Neutral)]);
    }

    private TriedLabels? Tried(PictureRows pictures, int first, int count)
    {
        var empty = new Slot
        {
            Index = 0,
            Kind = SlotKind.Evaluate,
            Epoch = 0,
        };
        var slot = AskedImages.Ride(empty, id: 0, pictures, (first, count), tries: true, RowPrecision.Of(_spec));
        TriedLabels? tried = null;
        foreach (var layer in _layers)
        {
            var passed = layer.Pass(slot);
            tried = passed.ToReadout?.Tried ?? tried;
            passed.ToReadout?.Release();
            slot.Release();
            slot = passed.Up;
        }

        slot.Release();
        return tried;
    }
}
