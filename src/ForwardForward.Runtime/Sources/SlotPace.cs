namespace ForwardForward.Runtime.Sources;

/// <summary>How many slots a second the source of a run makes at most, for machines that others use too.</summary>
/// <param name="SlotsPerSecond">0: as many as it can.</param>
internal sealed record SlotPace(int SlotsPerSecond)
{
    /// <summary>Starts the clock of one run.</summary>
    public Clock Start(TimeProvider time) => new(SlotsPerSecond == 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(1) / SlotsPerSecond, time);

    /// <summary>Slots of one run at even distances. One that is late moves those after it: nothing is made up for in a rush.</summary>
    internal sealed class Clock(TimeSpan distance, TimeProvider time)
    {
        private readonly long _start = time.GetTimestamp();
        private TimeSpan _next;

        /// <summary>Holds the caller's thread until the next slot is due.</summary>
        /// <exception cref="OperationCanceledException">The wait was ended.</exception>
        public void Wait(CancellationToken cancellation)
        {
            if (distance == TimeSpan.Zero)
            {
                return;
            }

            var early = _next - time.GetElapsedTime(_start);
            if (early > TimeSpan.Zero)
            {
                Task.Delay(early, time, cancellation).GetAwaiter().GetResult();
            }

            _next = TimeSpan.FromTicks(Math.Max(_next.Ticks, time.GetElapsedTime(_start).Ticks)) + distance;
        }
    }
}
