using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tensors;

namespace ForwardForward.Learning.Recipes;

/// <summary>The rows of a question.</summary>
internal static class AskedImages
{
    /// <summary>Lets images ride with a slot; whoever takes it disposes their rows.</summary>
    /// <param name="images">Those of the pictures that are asked about.</param>
    /// <param name="tries">Whether what each layer finds is asked, too: where pictures have labels, of each image with every label.</param>
    public static Slot Ride(Slot slot, long id, PictureRows pictures, (int First, int Count) images, bool tries, Precision precision)
    {
        var candidates = tries && pictures.HasLabels ? images.Count * pictures.Classes : 0;
        var rows = Activations.Rent(images.Count + candidates, pictures.Width, precision);
        for (var i = 0; i < images.Count; i++)
        {
            pictures.Load(images.First + i);
            pictures.WriteNeutral(rows, i);
            for (var label = 0; candidates > 0 && label < pictures.Classes; label++)
            {
                pictures.WriteLabelled(rows, images.Count + (i * pictures.Classes) + label, label);
            }
        }

        return slot with
        {
            Question = new PredictionRequest(id, rows),
            Tried = tries ? new TriedLabels(candidates, []) : null,
        };
    }
}
