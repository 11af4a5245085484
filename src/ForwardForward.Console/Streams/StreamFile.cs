using System.Text;
using ForwardForward.Experiments.Data.Streams;
using ForwardForward.Learning;
using ForwardForward.Learning.Specs;
using ForwardForward.Runtime.Streams;
using Microsoft.Win32.SafeHandles;

namespace ForwardForward.Console.Streams;

/// <summary>
/// The journal of a stream in a run's folder: a line for each example, in the form in which they come, and a last one that says that the
/// stream has ended. What was being written when a process was killed is no line, and is taken away.
/// </summary>
/// <param name="path">Of the file.</param>
internal sealed class StreamFile(string path, ExampleLine format) : IStreamFile, IDisposable
{
    private const int Stride = 64; // examples from one known place to the next
    private readonly Lock _lock = new();
    private readonly List<long> _places = [0]; // of every example that is a multiple of the stride
    private SafeFileHandle? _file;
    private long _count;
    private long _bytes;
    private bool _hasEnded;

    /// <param name="folder">Of a run.</param>
    public static StreamFile Of(string folder, ExperimentSpec spec, int pixels, int classes) =>
        new(Path.Combine(folder, Runs.RunFolder.StreamFile), new ExampleLine(spec, pixels, classes));

    public (long Count, bool HasEnded) Open()
    {
        lock (_lock)
        {
            if (_file is null)
            {
                _file = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite);
                Scan();
                RandomAccess.SetLength(_file, _bytes);
            }

            return (_count, _hasEnded);
        }
    }

    public void Append(byte[] labels, byte[] pixels, bool ends)
    {
        var text = new StringBuilder();
        var size = labels.Length == 0 ? 0 : pixels.Length / labels.Length;
        var lengths = new List<int>();
        for (var i = 0; i < labels.Length; i++)
        {
            var before = text.Length;
            text.Append(ExampleLine.Write(labels[i], pixels.AsSpan(i * size, size)));
            lengths.Add(text.Length - before); // every character is a byte
        }

        byte[] bytes = [.. Encoding.ASCII.GetBytes(text.ToString()), .. ends ? ExampleLine.End.ToArray() : []];
        lock (_lock)
        {
            try
            {
                RandomAccess.Write(_file!, bytes, _bytes);
                RandomAccess.FlushToDisk(_file!);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new IOException($"The journal of the stream cannot be written ({e.Message.TrimEnd('.')}): {path}.", e);
            }

            lengths.ForEach(Count);
            (_bytes, _hasEnded) = (_bytes + (ends ? ExampleLine.End.Length : 0), _hasEnded || ends);
        }
    }

    public (byte[] Labels, byte[] Pixels) Read(long first, int most)
    {
        var (labels, all) = (new List<byte>(), new List<byte>());
        lock (_lock)
        {
            most = (int)Math.Min(most, _count - first);
            using var lines = new StreamReader(From(_places[(int)(first / Stride)]), Encoding.ASCII);
            for (var number = first / Stride * Stride; number < first + most; number++)
            {
                var line = lines.ReadLine();
                if (number >= first)
                {
                    var example = format.Read(Encoding.ASCII.GetBytes(line!), $"{path}: line {number + 1}");
                    labels.Add(example.Label);
                    all.AddRange(example.Pixels.Span);
                }
            }
        }

        return ([.. labels], [.. all]);
    }

    public void Dispose() => _file?.Dispose();

    private FileView From(long place) => new(_file!, place);

    private void Scan()
    {
        using var view = From(0);
        var (buffer, line) = (new byte[1 << 16], new List<byte>());
        for (int read; (read = view.Read(buffer, 0, buffer.Length)) > 0; )
        {
            foreach (var one in buffer.AsSpan(0, read))
            {
                line.Add(one);
                if (one == '\n')
                {
                    Take(line);
                    line.Clear();
                }
            }
        }
    }

    private void Take(List<byte> line)
    {
        if (_hasEnded)
        {
            throw new InvalidInputException($"{path} goes on after its end, expected the journal of a stream as it was written.");
        }

        _hasEnded = line.SequenceEqual(ExampleLine.End.ToArray());
        if (_hasEnded)
        {
            _bytes += line.Count;
            return;
        }

        Count(line.Count);
    }

    private void Count(int length)
    {
        (_count, _bytes) = (_count + 1, _bytes + length);
        if (_count % Stride == 0)
        {
            _places.Add(_bytes);
        }
    }

    /// <summary>A file from a place on, without a position of its own in it.</summary>
    private sealed class FileView(SafeFileHandle file, long place) : Stream
    {
        private long _at = place;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count)
        {
            var read = RandomAccess.Read(file, buffer.AsSpan(offset, count), _at);
            _at += read;
            return read;
        }

        public override void Flush() { }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
