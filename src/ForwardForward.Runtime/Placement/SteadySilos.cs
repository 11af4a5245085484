namespace ForwardForward.Runtime.Placement;

/// <summary>
/// Which silos a run may move to of its own will: those that have been there for a while, and for longer each time that they were gone, so
/// that one that comes and goes costs a run one move and not one for each time. Times are since any fixed point.
/// </summary>
internal sealed class SteadySilos
{
    private const int Growth = 5; // more than what a silo may stay longer the next time and still be one that comes and goes
    private static readonly TimeSpan First = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(10);
    private readonly Dictionary<string, Stay> _stays = []; // by name: one that is started again has the name that it had

    /// <summary>Tells which silos are there, by name; called as often as the answer is to be exact.</summary>
    public void See(IReadOnlyCollection<string> present, TimeSpan now)
    {
        foreach (var name in _stays.Keys.Except(present).ToList())
        {
            _stays[name] = _stays[name] with { Since = null };
        }

        foreach (var name in present)
        {
            _stays[name] =
                !_stays.TryGetValue(name, out var stay) ? new Stay(now, First)
                : stay.Since is null ? new Stay(now, Min(stay.Patience * Growth, Timeout))
                : stay;
        }
    }

    /// <summary>Whether the silo has been there for long enough.</summary>
    public bool Has(string name, TimeSpan now) => _stays.TryGetValue(name, out var stay) && now - stay.Since >= stay.Patience;

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;

    /// <param name="Since">Null: it is gone.</param>
    /// <param name="Patience">How long it must have been there.</param>
    private readonly record struct Stay(TimeSpan? Since, TimeSpan Patience);
}
