namespace ForwardForward.Runtime.Hosting;

/// <summary>Why a silo that had joined its cluster already ended itself.</summary>
public sealed class SiloRefusal
{
    /// <summary>Names both sides; null where it did not.</summary>
    public string? Sentence { get; internal set; }
}
