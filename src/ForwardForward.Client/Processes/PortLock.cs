namespace ForwardForward.Client.Processes;

/// <summary>Held by one `cluster up` of a machine at a time, from its first look for free ports until its processes listen there.</summary>
public static class PortLock
{
    private static readonly string Path = System.IO.Path.Combine(System.IO.Path.GetTempPath(), "forwardforward-ports.lock");
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(100);

    public static async Task<FileStream> Take(CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                return new FileStream(Path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
            }
            catch (IOException)
            {
                await Task.Delay(Pace, cancellation);
            }
        }
    }
}
