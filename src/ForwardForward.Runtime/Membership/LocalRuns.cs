namespace ForwardForward.Runtime.Membership;

/// <summary>The runs that have a stage or their coordinator on this silo. Thread-safe.</summary>
internal sealed class LocalRuns
{
    private readonly Dictionary<string, int> _parts = [];

    public IReadOnlyList<string> Names
    {
        get
        {
            lock (_parts)
            {
                return [.. _parts.Keys];
            }
        }
    }

    public void Add(string run) => Change(run, 1);

    public void Remove(string run) => Change(run, -1);

    private void Change(string run, int parts)
    {
        lock (_parts)
        {
            var left = _parts.GetValueOrDefault(run) + parts;
            if (left > 0)
            {
                _parts[run] = left;
            }
            else
            {
                _parts.Remove(run);
            }
        }
    }
}
