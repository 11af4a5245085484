namespace ForwardForward.AppHost;

/// <summary>What outlives the AppHost, beside what <c>cluster up</c> keeps: Redis' file and the checkpoints.</summary>
internal static class StateFolder
{
    public static string Path
    {
        get
        {
            var home = Environment.GetEnvironmentVariable("XDG_STATE_HOME") is { Length: > 0 } state
                ? state
                : System.IO.Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "state");
            return Directory.CreateDirectory(System.IO.Path.Combine(home, "forwardforward", "aspire")).FullName;
        }
    }
}
