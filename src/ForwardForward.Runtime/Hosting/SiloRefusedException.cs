namespace ForwardForward.Runtime.Hosting;

/// <summary>A silo may not join the cluster: it would compute other bits. The message is one sentence that names both sides.</summary>
public sealed class SiloRefusedException(string message) : Exception(message);
