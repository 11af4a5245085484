namespace ForwardForward.Silo.Live;

/// <summary>How many follow runs by HTTP here, and when they must go.</summary>
internal sealed class EventStreams(IHostApplicationLifetime lifetime)
{
    /// <summary>At a time.</summary>
    public const int Most = 32;

    // A run that ends with the process, as one of the console does, is told of to its end.
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(1);
    private int _open;

    /// <returns>Null where there are as many as may be.</returns>
    public Stream? Open(CancellationToken gone)
    {
        if (Interlocked.Increment(ref _open) <= Most)
        {
            return new Stream(this, gone);
        }

        Interlocked.Decrement(ref _open);
        return null;
    }

    internal sealed class Stream : IDisposable
    {
        private readonly EventStreams _streams;
        private readonly CancellationTokenSource _end;
        private readonly CancellationTokenRegistration _stopping;

        public Stream(EventStreams streams, CancellationToken gone)
        {
            _streams = streams;
            _end = CancellationTokenSource.CreateLinkedTokenSource(gone);
            _stopping = streams.Lifetime.ApplicationStopping.Register(() => _end.CancelAfter(Farewell));
        }

        public CancellationToken End => _end.Token;

        public void Dispose()
        {
            _stopping.Dispose();
            _end.Dispose();
            Interlocked.Decrement(ref _streams._open);
        }
    }

    private IHostApplicationLifetime Lifetime { get; } = lifetime;
}
