using System.Text;
using Spectre.Console;

namespace ForwardForward.Console.Rendering;

/// <summary>This process's terminal, drawn on through a queue.</summary>
internal sealed class QueuedTerminal : IAnsiConsoleOutput
{
    private readonly AnsiConsoleOutput _terminal = new(System.Console.Out);
    private readonly QueuedWriter _queue;
    private (int Width, int Height) _size;

    private QueuedTerminal(QueuedWriter queue)
    {
        _queue = queue;
        _size = (_terminal.Width, _terminal.Height);
    }

    public static IAnsiConsole On(QueuedWriter queue) => AnsiConsole.Create(new AnsiConsoleSettings { Out = new QueuedTerminal(queue) });

    public TextWriter Writer => _queue;

    public bool IsTerminal => _terminal.IsTerminal;

    public int Width => Size.Width;

    public int Height => Size.Height;

    public void SetEncoding(Encoding encoding) => _terminal.SetEncoding(encoding);

    // While something is written, .NET lets nobody ask the terminal for its size.
    private (int Width, int Height) Size => _queue.IsBehind ? _size : _size = (_terminal.Width, _terminal.Height);
}
