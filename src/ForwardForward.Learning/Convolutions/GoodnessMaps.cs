namespace ForwardForward.Learning.Convolutions;

/// <summary>Where in a picture the goodness of each class is, in one layer.</summary>
/// <param name="Points">Size of a map; it has one channel.</param>
/// <param name="ChannelsOfClass">Whose mean a map is; 0 where channels have learned which classes they speak for, and it is of all.</param>
/// <param name="Maps">Of each class; the mean of its points is the goodness of the class.</param>
/// <param name="Goodness">Of each class.</param>
internal sealed record GoodnessMaps(PictureShape Points, int ChannelsOfClass, IReadOnlyList<float[]> Maps, IReadOnlyList<float> Goodness);
