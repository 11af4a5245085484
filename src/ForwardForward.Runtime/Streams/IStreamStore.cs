using ForwardForward.Contracts.Streams;

namespace ForwardForward.Runtime.Streams;

/// <summary>Where the journal of a stream is kept.</summary>
internal interface IStreamStore
{
    /// <summary>What is kept so far; called before anything else.</summary>
    Task<StreamHead> Open();

    /// <summary>Keeps more, for good when this returns.</summary>
    /// <param name="next">How far the journal is with it.</param>
    /// <param name="first">Number of the first new example.</param>
    Task Append(StreamHead next, long first, byte[] labels, byte[] pixels);

    /// <summary>Reads some of what is kept, at least one example.</summary>
    /// <param name="first">Of those that are kept.</param>
    Task<StreamSlice> Read(StreamHead head, long first, int most);
}

/// <summary>The file of a stream, for a host whose grains keep nothing: all that is in it is of the one run that the host has.</summary>
internal interface IStreamFile
{
    /// <summary>Examples in it, and whether it says that it has ended.</summary>
    (long Count, bool HasEnded) Open();

    /// <summary>Writes behind what is there; on the disk when this returns.</summary>
    /// <exception cref="IOException">It cannot be written; the message is one sentence.</exception>
    void Append(byte[] labels, byte[] pixels, bool ends);

    (byte[] Labels, byte[] Pixels) Read(long first, int most);
}
