namespace ForwardForward.Runtime.Tests.Simulation;

/// <summary>The turns of one actor, in the order they came. Which actor has the next turn is the world's choice.</summary>
internal sealed class Turns(SimulatedSilo silo, List<Turns> ready) : TaskScheduler
{
    private readonly Queue<Task> _queue = new();

    public SimulatedSilo Silo => silo;

    public bool CanRun => _queue.Count > 0 && silo is { IsDead: false, IsFrozen: false };

    public Task<T> Run<T>(Func<Task<T>> work) =>
        Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.DenyChildAttach, this).Unwrap();

    public void RunOne()
    {
        var task = _queue.Dequeue();
        if (_queue.Count == 0)
        {
            ready.Remove(this);
        }

        TryExecuteTask(task);
    }

    protected override void QueueTask(Task task)
    {
        if (silo.IsDead)
        {
            return; // it died with its silo
        }

        if (_queue.Count == 0)
        {
            ready.Add(this);
        }

        _queue.Enqueue(task);
    }

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    protected override IEnumerable<Task> GetScheduledTasks() => _queue;
}
