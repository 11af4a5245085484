using System.Text;

namespace ForwardForward.Console.Rendering;

/// <summary>
/// Writes for people who watch, on a thread of its own and in order. A reader that does not read, as a full pipe or a terminal that is held
/// still, holds up nothing but the lines: what they tell of goes on, is kept, and can be stopped.
/// </summary>
/// <param name="output">Where people read; a line that it does not take is left out.</param>
internal sealed class QueuedWriter(TextWriter output) : TextWriter(output.FormatProvider)
{
    private readonly TolerantWriter _output = new(output);
    private readonly object _lock = new(); // a Lock cannot be waited on
    private StringBuilder _queued = new();
    private bool _isWriting;

    public override Encoding Encoding => output.Encoding;

    /// <summary>Whether something is still to be written: what would only be drawn over can be left out.</summary>
    public bool IsBehind
    {
        get
        {
            lock (_lock)
            {
                return _isWriting;
            }
        }
    }

    public override void Write(char value) => Enqueue(value.ToString());

    public override void Write(string? value) => Enqueue(value);

    public override void WriteLine(string? value) => Enqueue(value + NewLine);

    /// <summary>Waits until everything is written: what follows elsewhere stands behind it.</summary>
    protected override void Dispose(bool disposing)
    {
        lock (_lock)
        {
            while (_isWriting)
            {
                Monitor.Wait(_lock);
            }
        }

        base.Dispose(disposing);
    }

    private void Enqueue(string? text)
    {
        lock (_lock)
        {
            _queued.Append(text);
            if (_isWriting || _queued.Length == 0)
            {
                return;
            }

            _isWriting = true;
        }

        new Thread(WriteQueued) { IsBackground = true, Name = "ff output" }.Start();
    }

    private void WriteQueued()
    {
        while (Next() is { } text)
        {
            _output.Write(text);
            _output.Flush();
        }
    }

    private string? Next()
    {
        lock (_lock)
        {
            if (_queued.Length == 0)
            {
                _isWriting = false;
                Monitor.PulseAll(_lock);
                return null;
            }

            var text = _queued.ToString();
            _queued = new StringBuilder();
            return text;
        }
    }
}
