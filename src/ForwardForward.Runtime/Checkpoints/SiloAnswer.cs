namespace ForwardForward.Runtime.Checkpoints;

/// <summary>What one silo answered.</summary>
/// <param name="Silo">Its name for a person, as manifests have it.</param>
internal sealed record SiloAnswer<T>(string Silo, T Value);
