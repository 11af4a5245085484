namespace ForwardForward.Learning.Plugins;

/// <summary>A run needs a plug-in that is not here, or is here in another version.</summary>
internal sealed class MissingPluginException(string message) : InvalidInputException(message);
