namespace ForwardForward.Benchmarks.Memory;

/// <summary>
/// The most of the heap that was in use at the moments at which the working thread itself looks: a second thread that looks all the time
/// misses the highest of them wherever the machine gives it no core.
/// </summary>
internal sealed class HeapPeak
{
    private readonly long _before;

    /// <summary>What is in use now does not count, garbage is disposed of first.</summary>
    public HeapPeak()
    {
        for (var again = 0; again < 2; again++) // what finalizers let go is garbage of the second
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        _before = NativeHeap.InUse;
    }

    public long Bytes { get; private set; }

    public void Look() => Bytes = Math.Max(Bytes, NativeHeap.InUse - _before);
}
