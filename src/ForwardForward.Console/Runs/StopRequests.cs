namespace ForwardForward.Console.Runs;

/// <summary>
/// Lets another console stop the run of this process, as Ctrl+C does: by a file in the run's folder, which is looked for a few times a
/// second.
/// </summary>
internal sealed class StopRequests : IDisposable
{
    /// <summary>Of the request, in the folder of the run.</summary>
    public const string FileName = ".stop";

    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(200);
    private readonly string _file;
    private readonly CancellationTokenSource _source;
    private readonly Timer _looks;

    /// <param name="folder">Of the run, which is this process's.</param>
    /// <param name="other">What else stops it.</param>
    public StopRequests(string folder, CancellationToken other)
    {
        _file = Path.Combine(folder, FileName);
        File.Delete(_file); // of a process that was killed before it saw it
        _source = CancellationTokenSource.CreateLinkedTokenSource(other);
        _looks = new Timer(_ => Look(), null, Period, Period);
    }

    public CancellationToken Token => _source.Token;

    public static void Make(string folder) => File.WriteAllBytes(Path.Combine(folder, FileName), []);

    public static void Withdraw(string folder) => File.Delete(Path.Combine(folder, FileName));

    public void Dispose()
    {
        using (var done = new ManualResetEvent(false))
        {
            if (_looks.Dispose(done))
            {
                done.WaitOne();
            }
        }

        _source.Dispose();
        if (Directory.Exists(Path.GetDirectoryName(_file)))
        {
            File.Delete(_file);
        }
    }

    private void Look()
    {
        if (!_source.IsCancellationRequested && File.Exists(_file))
        {
            _source.Cancel();
        }
    }
}
