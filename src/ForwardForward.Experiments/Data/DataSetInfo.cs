namespace ForwardForward.Experiments.Data;

/// <summary>A known data set and its place in the cache.</summary>
/// <param name="Folder">Where its files are, or will be.</param>
/// <param name="Exists">The folder is there.</param>
/// <param name="Complete">All files are there; their bytes are checked when the data set is opened.</param>
internal sealed record DataSetInfo(string Name, string Description, string Folder, bool Exists, bool Complete);
