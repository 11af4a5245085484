using ForwardForward.Contracts.Experiments;

namespace ForwardForward.Runtime.Pipeline;

/// <summary>
/// What the stages of one silo tell their run's coordinator. However many they are and however short their slots, it hears one call at a
/// time from the silo and at most twenty a second, with all that was told meanwhile, in that order. Thread-safe.
/// </summary>
/// <param name="send">Makes a call.</param>
internal sealed class ReportLine(Func<IReadOnlyList<StageReport>, Task> send, TimeProvider time)
{
    /// <summary>Least time between two calls: less than a person notices.</summary>
    public static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(50);

    /// <summary>Reports that wait for a slow coordinator before who tells more has to wait too.</summary>
    public const int MaxWaiting = 1000;

    private readonly Lock _gate = new();
    private List<StageReport> _waiting = [];
    private Task? _next; // the call that takes what waits
    private Task _last = Task.CompletedTask;
    private long? _calledAt;

    /// <returns>Completes when the coordinator has heard it; fails as the call does, and as every call after one that has failed.</returns>
    public Task Tell(StageReport report)
    {
        lock (_gate)
        {
            _waiting.Add(report);
            if (_next is null)
            {
                var before = _last;
                _last = _next = Task.Run(() => Call(before));
            }

            return _next;
        }
    }

    /// <summary>As <see cref="Tell"/>, for who does not wait: blocks only while too much waits already.</summary>
    /// <exception cref="Exception">As an earlier call failed.</exception>
    public void Post(StageReport report)
    {
        var heard = Tell(report);
        if (heard.IsFaulted || Waiting >= MaxWaiting)
        {
            heard.GetAwaiter().GetResult();
        }
    }

    /// <summary>Tells that the silo's stages work, where nothing else was told for a while.</summary>
    public void Beat()
    {
        lock (_gate)
        {
            if (_next is not null || (_calledAt is { } called && time.GetElapsedTime(called) < Heartbeat.Every))
            {
                return;
            }
        }

        Post(StageReport.Works);
    }

    /// <returns>Completes when the coordinator has heard all that was told so far.</returns>
    public Task Flush()
    {
        lock (_gate)
        {
            return _last;
        }
    }

    private int Waiting
    {
        get
        {
            lock (_gate)
            {
                return _waiting.Count;
            }
        }
    }

    private async Task Call(Task before)
    {
        await before; // what failed took its reports with it, and what comes after them would be without them
        if (_calledAt is { } called && Pace - time.GetElapsedTime(called) is { Ticks: > 0 } rest)
        {
            await Task.Delay(rest, time);
        }

        List<StageReport> reports;
        lock (_gate)
        {
            (reports, _waiting, _next, _calledAt) = (_waiting, [], null, time.GetTimestamp());
        }

        await send(reports);
    }
}

/// <summary>The lines of one silo: one for each run and generation that has stages here.</summary>
internal sealed class ReportLines(TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(string Run, int Generation), WeakReference<ReportLine>> _lines = [];

    public ReportLine Of(string run, int generation, IGrainFactory grains)
    {
        lock (_gate)
        {
            if (_lines.TryGetValue((run, generation), out var known) && known.TryGetTarget(out var there))
            {
                return there;
            }

            foreach (var gone in _lines.Where(line => !line.Value.TryGetTarget(out var _)).Select(line => line.Key).ToList())
            {
                _lines.Remove(gone);
            }

            var coordinator = grains.GetGrain<IExperimentReports>(run);
            var line = new ReportLine(reports => coordinator.Told(generation, reports), time);
            _lines[(run, generation)] = new WeakReference<ReportLine>(line);
            return line;
        }
    }
}
