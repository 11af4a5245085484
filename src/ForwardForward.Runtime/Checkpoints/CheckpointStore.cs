using ForwardForward.Learning.Checkpoints;
using Orleans.Runtime;

namespace ForwardForward.Runtime.Checkpoints;

/// <summary>The checkpoints of a silo's runs, a folder each, on storage that all silos of the cluster share.</summary>
/// <param name="folderOf">The folder of a run, by its name.</param>
/// <param name="silo">Its address tells the files that it writes from those of others.</param>
internal sealed class CheckpointStore(Func<string, string> folderOf, ILocalSiloDetails silo)
{
    private readonly string _writer = silo.SiloAddress.ToParsableString().Replace(':', '-').Replace('@', '-');

    public CheckpointFolder Of(string run) => new(folderOf(run), _writer);
}
