using ForwardForward.Experiments.Data;

namespace ForwardForward.Runtime.Hosting;

/// <summary>How a host's silo takes part in runs.</summary>
public sealed class ForwardForwardOptions
{
    /// <summary>Where known data sets are kept; the first run that needs one fetches it.</summary>
    public string DataFolder { get; set; } = DataSets.DefaultCacheFolder;

    /// <summary>Where runs keep their checkpoints, each in a folder of its name.</summary>
    public string CheckpointFolder { get; set; } = Path.Combine(AppContext.BaseDirectory, "checkpoints");

    /// <summary>
    /// Whether all silos of the cluster see the same folder there; if not, each keeps copies of another's files. The same for all.
    /// </summary>
    public bool SharesCheckpoints { get; set; } = true;

    /// <summary>
    /// Whether the silo measures its matrix rate when it starts, by which layers are shared out; takes about a second. Silos that do not
    /// are taken for equally fast.
    /// </summary>
    public bool MeasuresMatrixRate { get; set; } = true;

    /// <summary>
    /// Whether the silo works beside silos whose kernels compute other bits, which all of them must want; runs with <c>exact: false</c> are
    /// then computed by all together.
    /// </summary>
    public bool IsMixed { get; set; }

    /// <summary>
    /// Most slots that the source of a run makes here in a second, so that a machine has time for others; 0: as many as it can.
    /// </summary>
    public int SlotsPerSecond { get; set; }
}
