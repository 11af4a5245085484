namespace ForwardForward.Learning.Negatives;

/// <summary>What the negative rows of a batch are: <see cref="IWrongLabels"/> or <see cref="INegativePictures"/>.</summary>
public interface INegatives;
