using ForwardForward.Learning.Data;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Experiments.Data;

/// <summary>
/// What a process that trains many runs has read: every data set, and the part of one that was asked for last, which is a copy. Its files
/// may change meanwhile; who has them here goes on with what was read. Thread-safe.
/// </summary>
internal sealed class KeptData
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, DataSet> _whole = [];
    private (string Key, DataSet Data)? _part;

    /// <param name="read">Reads it where nobody has yet; others wait meanwhile.</param>
    public DataSet Whole(string name, Func<DataSet> read)
    {
        lock (_lock)
        {
            return _whole.TryGetValue(name, out var data) ? data : _whole[name] = read();
        }
    }

    /// <param name="spec">Whose part of its data set it is.</param>
    /// <param name="limit">Makes it where it was not asked for last.</param>
    public DataSet Part(ExperimentSpec spec, Func<DataSet> limit)
    {
        var key = $"{spec.HoldOut} {spec.TrainImages} {spec.TestImages} {spec.Images.Transposed} {spec.DatasetSha256} {spec.Dataset}";
        lock (_lock)
        {
            _part = _part is { } last && last.Key == key ? last : (key, limit());
            return _part.Value.Data;
        }
    }
}
