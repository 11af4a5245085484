using System.Diagnostics;
using System.Runtime.InteropServices;

namespace ForwardForward.Learning.Tensors;

/// <summary>Clocks of a measurement.</summary>
internal static class ThreadClock
{
    private const int ThreadTime = 3; // CLOCK_THREAD_CPUTIME_ID

    /// <summary>Time that has passed.</summary>
    public static TimeSpan Wall() => Stopwatch.GetElapsedTime(0);

    /// <summary>Time that the calling thread has had of a core; elsewhere than on Linux, time that has passed.</summary>
    public static TimeSpan Own() =>
        OperatingSystem.IsLinux() && clock_gettime(ThreadTime, out var time) == 0
            ? TimeSpan.FromSeconds(time.Seconds) + TimeSpan.FromMicroseconds(time.Nanoseconds / 1000.0)
            : Wall();

    [DllImport("libc"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int clock_gettime(int clock, out Time time);

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct Time
    {
        public readonly long Seconds;
        public readonly long Nanoseconds;
    }
}
