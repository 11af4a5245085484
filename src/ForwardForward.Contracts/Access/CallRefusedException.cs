using ForwardForward.Learning;

namespace ForwardForward.Contracts.Access;

/// <summary>Who called may not do that; the message is one sentence.</summary>
public sealed class CallRefusedException(string message) : InvalidInputException(message);
