using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using ForwardForward.Learning.Specs;
using static TorchSharp.torch;

namespace ForwardForward.Learning.Tensors;

/// <summary>
/// Rows of activity on their way from one layer to the next: row-major, dense, in the run's precision, in pinned memory that goes back to a
/// pool when the last holder disposes its view. Never changed once it is sent.
/// </summary>
/// <remarks>
/// A view that is lost on the way (a failed call, a duplicate) is simply not disposed: its memory is then ordinary garbage and never comes
/// back from the pool, so nobody can see it change.
/// </remarks>
public sealed class Activations : IDisposable
{
    /// <summary>Most bytes that rows have: those of the largest array that the pool rounds up to.</summary>
    internal const int MaxBytes = 7 << 28;

    private Buffer? _buffer;
    private readonly int _offset;

    private Activations(Buffer buffer, int offset, int rows, int width, Precision precision)
    {
        _buffer = buffer;
        _offset = offset;
        Rows = rows;
        Width = width;
        Precision = precision;
    }

    /// <summary>Bytes of this process's rows that are rented and have not come back to the pool, those of lost views among them.</summary>
    internal static long BytesInUse => Buffer.BytesInUse;

    public int Rows { get; }

    /// <summary>Elements per row.</summary>
    public int Width { get; }

    public Precision Precision { get; }

    /// <summary>Bytes of all rows.</summary>
    internal int Length => Rows * Width * Precision.ElementBytes();

    /// <summary>What rows on a device are on the host; the first who asks waits for the copy.</summary>
    /// <exception cref="ObjectDisposedException">This view has been disposed: its memory may belong to another slot by now.</exception>
    public Span<byte> Bytes => Held.Memory.AsSpan(_offset, Length);

    private Buffer Held
    {
        get
        {
            var buffer = Volatile.Read(ref _buffer);
            ObjectDisposedException.ThrowIf(buffer is null, this);
            return buffer;
        }
    }

    /// <summary>Rows that a device has made; they come to the host when somebody asks for their bytes.</summary>
    /// <param name="rows">Dense, R x width, of this precision; disposed with the last view.</param>
    internal static Activations OnDevice(Tensor rows, Precision precision)
    {
        var (count, width) = ((int)rows.shape[0], (int)rows.shape[1]);
        return new Activations(Buffer.OnDevice(rows, checked(count * width * precision.ElementBytes())), 0, count, width, precision);
    }

    /// <summary>Copies the rows into a tensor of their shape, from where they are: rows that a device has made stay there.</summary>
    internal void CopyTo(Tensor target)
    {
        if (Held.Made is { } made)
        {
            target.copy_(made);
            return;
        }

        using var host = empty(Rows, Width, dtype: Precision.ScalarType());
        Bytes.CopyTo(host.bytes);
        target.copy_(host);
    }

    /// <summary>Whether all elements are finite numbers.</summary>
    internal bool AreFinite()
    {
        const int Bf16Exponent = 0x7F80;
        if (Precision == Precision.Portable)
        {
            return true; // integers are; what they were made of may not have been
        }

        if (Precision == Precision.Fp32)
        {
            return MemoryMarshal.Cast<byte, float>(Bytes).IndexOfAnyExceptInRange(float.MinValue, float.MaxValue) < 0;
        }

        foreach (var element in MemoryMarshal.Cast<byte, ushort>(Bytes))
        {
            if ((element & Bf16Exponent) == Bf16Exponent)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>A view of some elements one after the other, as one row.</summary>
    internal Activations Flat(int first, int elements)
    {
        var buffer = Held;
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)first + elements, (long)Rows * Width);
        if (buffer.Made is { } made)
        {
            return OnDevice(made.flatten().narrow(0, first, elements).unsqueeze(0).DetachFromDisposeScope(), Precision);
        }

        buffer.Retain();
        return new Activations(buffer, _offset + (first * Precision.ElementBytes()), 1, elements, Precision);
    }

    /// <summary>Takes memory for rows x width elements from the pool; its content is undefined.</summary>
    internal static Activations Rent(int rows, int width, Precision precision)
    {
        var length = checked(rows * width * precision.ElementBytes());
        return new Activations(Buffer.Rent(length), 0, rows, width, precision);
    }

    /// <summary>Writes one element, before the rows are sent.</summary>
    internal void Set(int row, int column, float value)
    {
        var at = (row * Width) + column;
        Rounding.To(Precision, [value], Bytes.Slice(at * Precision.ElementBytes(), Precision.ElementBytes()));
    }

    /// <summary>New rows that have those of all parts side by side.</summary>
    /// <exception cref="ArgumentException">They are not equally many, or of different precision.</exception>
    internal static Activations Joined(IReadOnlyList<Activations> parts)
    {
        var (rows, precision) = (parts[0].Rows, parts[0].Precision);
        if (parts.Any(part => part.Rows != rows || part.Precision != precision))
        {
            throw new ArgumentException(
                "Only as many rows of the same precision can stand side by side, not "
                    + $"{string.Join(", ", parts.Select(part => $"{part.Rows} in {part.Precision}"))}.",
                nameof(parts)
            );
        }

        var joined = Rent(rows, parts.Sum(part => part.Width), precision);
        var (stride, offset) = (joined.Width * precision.ElementBytes(), 0);
        foreach (var part in parts)
        {
            var width = part.Width * precision.ElementBytes();
            for (var row = 0; row < rows; row++)
            {
                part.Bytes.Slice(row * width, width).CopyTo(joined.Bytes[((row * stride) + offset)..]);
            }

            offset += width;
        }

        return joined;
    }

    /// <summary>A second view of some of the rows, with a life of its own.</summary>
    internal Activations Share(int firstRow, int rows)
    {
        var buffer = Held;
        ArgumentOutOfRangeException.ThrowIfNegative(firstRow);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(firstRow + rows, Rows);
        if (buffer.Made is { } made)
        {
            return OnDevice(made.narrow(0, firstRow, rows).DetachFromDisposeScope(), Precision); // so that these alone come to the host
        }

        buffer.Retain();
        return new Activations(buffer, _offset + (firstRow * Width * Precision.ElementBytes()), rows, Width, Precision);
    }

    public void Dispose() => Interlocked.Exchange(ref _buffer, null)?.Release();

    /// <summary>
    /// Pinned memory with a count of its views; sizes are rounded up to an eighth of a power of two, so that similar lengths share a pool.
    /// </summary>
    private sealed class Buffer(int capacity)
    {
        private const int KeptPerSize = 64;
        private static readonly ConcurrentDictionary<int, ConcurrentBag<Buffer>> Pool = new();
        private static long bytesInUse;
        private int _views = 1;
        private byte[]? _memory;
        private bool _isCopied; // what a device has made, to the host

        public static long BytesInUse => Interlocked.Read(ref bytesInUse);

        /// <summary>On a device; null where the host has made it.</summary>
        public Tensor? Made { get; private set; }

        public byte[] Memory => Made is null ? _memory! : Copied(Made);

        public static Buffer Rent(int length)
        {
            var capacity = Capacity(length);
            Interlocked.Add(ref bytesInUse, capacity);
            if (!Pool.GetOrAdd(capacity, _ => []).TryTake(out var buffer))
            {
                return new Buffer(capacity) { _memory = GC.AllocateUninitializedArray<byte>(capacity, pinned: true) };
            }

            buffer._views = 1;
            return buffer;
        }

        public static Buffer OnDevice(Tensor rows, int length)
        {
            Interlocked.Add(ref bytesInUse, length);
            return new Buffer(length) { Made = rows };
        }

        public void Retain() => Interlocked.Increment(ref _views);

        public void Release()
        {
            if (Interlocked.Decrement(ref _views) > 0)
            {
                return;
            }

            Interlocked.Add(ref bytesInUse, -capacity);
            Made?.Dispose();
            if (Made is null && Pool[capacity] is { Count: < KeptPerSize } bag)
            {
                bag.Add(this);
            }
        }

        private byte[] Copied(Tensor made)
        {
            lock (made)
            {
                if (!_isCopied)
                {
                    using var host = made.cpu();
                    (_memory, _isCopied) = (host.bytes.ToArray(), true);
                }

                return _memory!;
            }
        }

        private static int Capacity(int length)
        {
            var step = Math.Max(1024, (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)length) / 8);
            return checked((length + step - 1) / step * step);
        }
    }
}
