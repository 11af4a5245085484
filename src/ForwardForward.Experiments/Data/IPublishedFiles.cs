using ForwardForward.Learning.Data;

namespace ForwardForward.Experiments.Data;

/// <summary>The files of a known data set: what is asked for, how it is verified, and how it is read once it is in the cache.</summary>
internal interface IPublishedFiles
{
    /// <summary>Names of what a source is asked for.</summary>
    IReadOnlyList<string> Asked { get; }

    /// <summary>What helps where no source has them, as the end of a sentence.</summary>
    string Remedy { get; }

    /// <summary>Whether all are in the folder; their bytes are not looked at.</summary>
    bool AreIn(string folder);

    /// <summary>Compares every file of the folder with what was published.</summary>
    /// <exception cref="InvalidDataException">One differs; the message has no full stop, so that a remedy can follow.</exception>
    void Verify(string folder);

    /// <summary>Verifies what a source has brought, and writes from it all that the cache keeps.</summary>
    /// <param name="brought">The source's folder.</param>
    /// <param name="kept">An empty folder.</param>
    /// <exception cref="FileNotFoundException">A file is missing.</exception>
    /// <exception cref="InvalidDataException">A file is not the published one.</exception>
    void Take(string brought, string kept, CancellationToken ct);

    /// <param name="name">What messages call the data set.</param>
    /// <param name="folder">With all files in it.</param>
    DataSet Read(string name, string folder);
}
