using System.Runtime.InteropServices;
using ForwardForward.Learning.Tensors;

namespace ForwardForward.Benchmarks.Memory;

/// <summary>Bytes that this process holds of the C library's heap, where libtorch's tensors are, and of rows between layers.</summary>
internal static class NativeHeap
{
    /// <summary>What is in use now.</summary>
    /// <exception cref="EntryPointNotFoundException">The C library is not glibc 2.33 or newer.</exception>
    public static long InUse
    {
        get
        {
            var info = mallinfo2();
            return checked((long)(info.UsedBlocks + info.MappedBytes)) + Activations.BytesInUse;
        }
    }

    [DllImport("libc"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern HeapInfo mallinfo2();

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct HeapInfo
    {
        private readonly nuint _arena;
        private readonly nuint _freeChunks;
        private readonly nuint _fastChunks;
        private readonly nuint _mappedRegions;

        /// <summary>Bytes in memory-mapped regions, one for each large tensor.</summary>
        public readonly nuint MappedBytes;

        private readonly nuint _unused;
        private readonly nuint _fastBytes;

        public readonly nuint UsedBlocks;

        private readonly nuint _freeBytes;
        private readonly nuint _keptAtTop;
    }
}
