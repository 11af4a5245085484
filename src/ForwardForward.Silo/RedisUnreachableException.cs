namespace ForwardForward.Silo;

/// <summary>The Redis that a silo is to keep its state in does not answer; the message is one sentence.</summary>
internal sealed class RedisUnreachableException(string message, Exception inner) : Exception(message, inner);
