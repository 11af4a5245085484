namespace ForwardForward.Learning;

/// <summary>
/// What a user gave cannot be used. The message is one sentence: which file or field, what is wrong with it, what was expected. The console
/// prints it as it is and exits with 2.
/// </summary>
public class InvalidInputException(string message, Exception? inner = null) : Exception(message, inner);
