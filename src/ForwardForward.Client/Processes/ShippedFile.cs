namespace ForwardForward.Client.Processes;

/// <summary>A configuration that comes with the program.</summary>
public static class ShippedFile
{
    public static string At(string name) => Path.Combine(AppContext.BaseDirectory, "deploy", name);
}
