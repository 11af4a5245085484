using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ForwardForward.Console.Tests.Live;

/// <summary>A page in a real browser, led as a person would: by its DevTools protocol.</summary>
internal sealed class Browser : IAsyncDisposable
{
    // a guard against standing still, not a promise
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(1);
    private const string Listening = "DevTools listening on ";
    private readonly ClientWebSocket _socket = new();
    private readonly ConcurrentDictionary<int, TaskCompletionSource<JsonElement>> _asked = [];
    private readonly TaskCompletionSource _loaded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim _oneAtATime = new(1);
    private readonly Process _process;
    private int _last;

    private Browser(Process process) => _process = process;

    /// <summary>What the page should not have done: exceptions, and what its policy or the network refused.</summary>
    public ConcurrentQueue<string> Complaints { get; } = [];

    /// <param name="folder">For the browser alone.</param>
    public static async Task<Browser> Open(string folder, string page)
    {
        var process = Process.Start(
            new ProcessStartInfo(
                "chromium",
                [
                    "--headless=new",
                    "--no-sandbox",
                    "--disable-gpu",
                    "--remote-debugging-port=0",
                    "--window-size=1100,1000",
                    $"--user-data-dir={folder}",
                    "about:blank",
                ]
            )
            {
                RedirectStandardError = true,
            }
        )!;
        var browser = new Browser(process);
        try
        {
            await browser.Connect().WaitAsync(Timeout);
            foreach (var domain in new[] { "Page", "Runtime", "Log" })
            {
                await browser.Ask($"{domain}.enable");
            }

            await browser.Ask("Page.navigate", new() { ["url"] = page });
            await browser._loaded.Task.WaitAsync(Timeout);
            return browser;
        }
        catch
        {
            await browser.DisposeAsync();
            throw;
        }
    }

    /// <summary>The value of an expression once it is there: neither null nor false.</summary>
    public Task<JsonElement> Once(string expression) =>
        Value(
            $"new Promise(seen => {{ const look = () => {{ const value = ({expression}); "
                + "value ? seen(value) : requestAnimationFrame(look); }; look(); })"
        );

    public async Task<JsonElement> Value(string expression)
    {
        var answer = await Ask(
            "Runtime.evaluate",
            new()
            {
                ["expression"] = expression,
                ["awaitPromise"] = true,
                ["returnByValue"] = true,
            }
        );
        return !answer.TryGetProperty("exceptionDetails", out var failed)
            ? answer.GetProperty("result").TryGetProperty("value", out var value)
                ? value
                : default
            : throw new InvalidOperationException($"{expression}: {failed.GetRawText()}");
    }

    /// <summary>Draws a line with the mouse or a pen through places of an element, from 0 to 1.</summary>
    public async Task Stroke(string selector, string pointer, params (double X, double Y)[] places)
    {
        await Value($"{Element(selector)}.scrollIntoView({{ block: 'center' }})");
        var box = await Value($"(({{x, y, width, height}}) => ({{x, y, width, height}}))({Element(selector)}.getBoundingClientRect())");
        double Of(string side) => box.GetProperty(side).GetDouble();
        Task Event(string type, (double X, double Y) place, int buttons) =>
            Ask(
                "Input.dispatchMouseEvent",
                new()
                {
                    ["type"] = type,
                    ["x"] = Of("x") + (place.X * Of("width")),
                    ["y"] = Of("y") + (place.Y * Of("height")),
                    ["button"] = "left",
                    ["buttons"] = buttons,
                    ["clickCount"] = 1,
                    ["pointerType"] = pointer,
                }
            );

        await Event("mousePressed", places[0], 1);
        foreach (var place in places[1..])
        {
            await Event("mouseMoved", place, 1);
        }

        await Event("mouseReleased", places[^1], 0);
    }

    /// <summary>Clicks in the middle of an element, once it is there.</summary>
    public async Task Click(string selector)
    {
        await Once($"{Element(selector)} !== null");
        await Stroke(selector, "mouse", (0.5, 0.5));
    }

    public async Task Press(string key, int code)
    {
        foreach (var type in new[] { "rawKeyDown", "keyUp" })
        {
            await Ask(
                "Input.dispatchKeyEvent",
                new()
                {
                    ["type"] = type,
                    ["key"] = key,
                    ["code"] = key,
                    ["windowsVirtualKeyCode"] = code,
                }
            );
        }
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        _socket.Dispose();
        _oneAtATime.Dispose();
    }

    private static string Element(string selector) => $"document.querySelector('{selector}')";

    private async Task Connect()
    {
        string? line;
        while ((line = await _process.StandardError.ReadLineAsync()) is not null && !line.StartsWith(Listening, StringComparison.Ordinal))
        { }

        var address = new Uri(line?[Listening.Length..] ?? throw new InvalidOperationException("The browser has ended."));
        _ = _process.StandardError.ReadToEndAsync(); // so that it can write on
        using var client = new HttpClient();
        var pages = await client.GetFromJsonAsync<JsonElement>($"http://{address.Authority}/json/list");
        var page = pages.EnumerateArray().First(target => target.GetProperty("type").GetString() == "page");
        await _socket.ConnectAsync(new Uri(page.GetProperty("webSocketDebuggerUrl").GetString()!), CancellationToken.None);
        _ = Hear();
    }

    private async Task<JsonElement> Ask(string method, JsonObject? parameters = null)
    {
        var number = Interlocked.Increment(ref _last);
        var answer = _asked[number] = new TaskCompletionSource<JsonElement>(TaskCreationOptions.RunContinuationsAsynchronously);
        var message = new JsonObject
        {
            ["id"] = number,
            ["method"] = method,
            ["params"] = parameters ?? [],
        };
        await _oneAtATime.WaitAsync();
        try
        {
            var bytes = JsonSerializer.SerializeToUtf8Bytes(message);
            await _socket.SendAsync(bytes, WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
        }
        finally
        {
            _oneAtATime.Release();
        }

        return await answer.Task.WaitAsync(Timeout);
    }

    private async Task Hear()
    {
        var piece = new byte[1 << 16];
        try
        {
            while (true)
            {
                using var whole = new MemoryStream();
                ValueWebSocketReceiveResult received;
                do
                {
                    received = await _socket.ReceiveAsync(piece.AsMemory(), CancellationToken.None);
                    whole.Write(piece, 0, received.Count);
                } while (!received.EndOfMessage);
                Take(JsonDocument.Parse(whole.ToArray()).RootElement);
            }
        }
        catch (Exception e) when (e is WebSocketException or ObjectDisposedException or OperationCanceledException or JsonException)
        {
            foreach (var (_, asked) in _asked)
            {
                asked.TrySetException(e);
            }
        }
    }

    private void Take(JsonElement message)
    {
        if (message.TryGetProperty("id", out var number) && _asked.TryRemove(number.GetInt32(), out var asked))
        {
            if (message.TryGetProperty("error", out var error))
            {
                asked.TrySetException(new InvalidOperationException(error.GetRawText()));
            }
            else
            {
                asked.TrySetResult(message.GetProperty("result").Clone());
            }
        }
        else if (message.TryGetProperty("method", out var method))
        {
            Note(method.GetString()!, message);
        }
    }

    private void Note(string method, JsonElement message)
    {
        if (method is "Page.loadEventFired")
        {
            _loaded.TrySetResult();
        }
        else if (
            method is "Runtime.exceptionThrown"
            || (
                method is "Log.entryAdded" && message.GetProperty("params").GetProperty("entry").GetProperty("level").GetString() is "error"
            )
        )
        {
            Complaints.Enqueue(message.GetRawText());
        }
    }
}
