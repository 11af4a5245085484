using ForwardForward.Client.Processes;
using ForwardForward.Silo.Streams;

namespace ForwardForward.Console.Training;

/// <summary>Where the page of a run is: told to a person, and to a browser where that is wished.</summary>
internal static class LiveAddress
{
    private const int Column = 22; // as in the block that closes a run
    private static readonly string[] Openers = ["xdg-open", "open"];

    /// <summary>Where a stream's examples are sent to.</summary>
    public static void TellStream(string live, string run, Action<string> say) =>
        say($"{"stream", -Column}{new Uri(new Uri(live), StreamEndpoint.Path)}?run={run}");

    /// <param name="say">Takes a line.</param>
    public static void Tell(string address, bool opens, Action<string> say)
    {
        say($"{"live", -Column}{address}");
        if (!opens)
        {
            return;
        }

        if (Openers.FirstOrDefault(BackgroundProcess.IsInstalled) is { } opener)
        {
            BackgroundProcess.Start("browser", opener, [address], "/dev/null"); // it outlives the run
        }
        else
        {
            say($"No browser is opened: neither {string.Join(" nor ", Openers)} is on the PATH.");
        }
    }
}
