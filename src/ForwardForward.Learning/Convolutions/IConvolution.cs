using ForwardForward.Learning.Tensors;

namespace ForwardForward.Learning.Convolutions;

/// <summary>
/// A convolution and the gradient of its weights. Pictures are shared among lanes, each of which may go on a thread of its own.
/// </summary>
internal interface IConvolution : IDisposable
{
    /// <summary>How many parts the pictures are shared among.</summary>
    int Lanes { get; }

    /// <summary>Takes up what some channels' weights have become.</summary>
    void Take(Range channels);

    /// <summary>Takes up the pictures of a lane.</summary>
    /// <param name="pictures">Rows that begin with them.</param>
    void Load(int lane, Activations pictures);

    /// <summary>Convolves the pictures of a lane.</summary>
    /// <param name="pictures">Of all lanes.</param>
    /// <param name="take">Gets the number of each picture and what became of it, places x U, valid for the call.</param>
    void Forward(int lane, int pictures, TakePicture take);

    /// <summary>Adds up the gradient of a lane's pictures.</summary>
    /// <param name="pictures">Of all lanes.</param>
    /// <param name="make">Writes the slope of a picture's places, places x U.</param>
    void Gradient(int lane, int pictures, TakePicture make);

    /// <summary>Adds up the gradient of some channels over all lanes, in their order, and returns it: U x K of them.</summary>
    /// <param name="pictures">As <see cref="Gradient"/> was given them.</param>
    Span<float> Sum(Range channels, int pictures);

    /// <summary>What <see cref="Sum"/> has returned of these channels; valid until the next gradient.</summary>
    Span<float> Summed(Range channels);
}

/// <summary>Reads or writes what a convolution makes of one picture: places x channels.</summary>
internal delegate void TakePicture(int picture, Span<float> places);
