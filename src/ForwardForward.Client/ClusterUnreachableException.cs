namespace ForwardForward.Client;

/// <summary>No cluster answers; the message is one sentence, and the console exits with 3.</summary>
public sealed class ClusterUnreachableException(string message, Exception? inner = null) : Exception(message, inner);
