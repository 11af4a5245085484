using ForwardForward.Learning.Tensors;

namespace ForwardForward.Benchmarks.Transport;

/// <summary>Remembers how high this process's memory was when somebody looked.</summary>
internal sealed class MemoryPeak
{
    private readonly Lock _lock = new();
    private readonly long _rowsBefore = Activations.BytesInUse;
    private readonly long _processBefore = Environment.WorkingSet;
    private long _rows;
    private long _process;

    public void Look()
    {
        lock (_lock)
        {
            _rows = Math.Max(_rows, Activations.BytesInUse - _rowsBefore);
            _process = Math.Max(_process, Environment.WorkingSet - _processBefore);
        }
    }

    public TransportMemory Rise
    {
        get
        {
            lock (_lock)
            {
                return new TransportMemory(_rows, _process);
            }
        }
    }
}
