using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using ForwardForward.Learning;
using ForwardForward.Runtime.Connections.Security;

namespace ForwardForward.Client;

/// <summary>Where a cluster is asked for: the gateway of one of its silos, or the Redis that its silos meet in.</summary>
/// <param name="Text">As given.</param>
/// <param name="Endpoint">Resolved.</param>
/// <param name="IsRedis">Which of the two answers there.</param>
public sealed record ClusterAddress(string Text, IPEndPoint Endpoint, bool IsRedis)
{
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan HandshakeTimeout = TimeSpan.FromSeconds(1.5);
    private static readonly byte[] Ping = "PING\r\n"u8.ToArray();

    /// <param name="handshake">Where the gateways speak TLS.</param>
    /// <exception cref="InvalidInputException">The text is not HOST:PORT.</exception>
    /// <exception cref="ClusterUnreachableException">Nothing listens there, or a Redis that lets nobody in without a password.</exception>
    public static async Task<ClusterAddress> Find(
        string text,
        CancellationToken cancellation,
        string option = "--cluster",
        Handshake? handshake = null
    )
    {
        var (host, port) = Parse(text, option);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(AnswerTimeout);
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(host, port, patience.Token);
        }
        catch (Exception e) when (e is SocketException || !cancellation.IsCancellationRequested)
        {
            throw new ClusterUnreachableException(
                $"Nothing answers at {text} ({(e is SocketException ? e.Message : "no answer in 3 s")}), expected the gateway "
                    + "of a silo or the Redis of a cluster.",
                e
            );
        }

        var endpoint = (IPEndPoint)client.Client.RemoteEndPoint!;
        if (handshake is null)
        {
            return new ClusterAddress(text, endpoint, SaysRedis(await Greeting(client.GetStream(), patience.Token), text, option));
        }

        return new ClusterAddress(
            text,
            endpoint,
            !await SpeaksTls(client.Client, handshake, cancellation) && SaysRedis(await Greeting(endpoint, cancellation), text, option)
        );
    }

    /// <summary>
    /// Whether somebody at a gateway says anything, if only by hanging up: a process that is held still takes connections and says nothing.
    /// </summary>
    /// <param name="patience">Longest wait for it.</param>
    public static async Task<bool> Greets(string text, TimeSpan patience, CancellationToken cancellation)
    {
        var (host, port) = Parse(text, "--cluster");
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(patience);
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(host, port, limit.Token);
            await client.GetStream().WriteAsync(Ping, limit.Token);
            return await client.GetStream().ReadAsync(new byte[1], limit.Token) >= 0;
        }
        catch (IOException)
        {
            return true; // a gateway hangs up on what is no Orleans
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException && !cancellation.IsCancellationRequested)
        {
            return false;
        }
    }

    // Redis greets back; a gateway hangs up on what is no Orleans.
    private static bool SaysRedis(string greeting, string text, string option) =>
        greeting switch
        {
            _ when greeting.StartsWith("-NOAUTH", StringComparison.Ordinal) => throw new ClusterUnreachableException(
                $"{option} is '{text}', but the Redis there wants a password, which no command line should carry: expected "
                    + (
                        option == "--redis"
                            ? "one without (silos are given a password by FF_REDIS)."
                            : "the gateway of one of the cluster's silos."
                    )
            ),
            _ when greeting.StartsWith("-DENIED", StringComparison.Ordinal) => throw new ClusterUnreachableException(
                $"{option} is '{text}', but the Redis there lets nobody in from another machine (its protected mode), expected "
                    + "one that does."
            ),
            _ => greeting.StartsWith('+') || greeting.StartsWith('-'),
        };

    private static async Task<string> Greeting(IPEndPoint endpoint, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(AnswerTimeout);
        using var client = new TcpClient();
        await client.ConnectAsync(endpoint, patience.Token);
        return await Greeting(client.GetStream(), patience.Token);
    }

    // A Redis may wait for the end of what it takes for a command.
    private static async Task<bool> SpeaksTls(Socket socket, Handshake handshake, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(HandshakeTimeout);
        try
        {
            await (await handshake.AsClient(socket, patience.Token)).DisposeAsync();
            return true;
        }
        catch (AuthenticationException)
        {
            return false;
        }
    }

    private static (string Host, int Port) Parse(string text, string option) =>
        text.IndexOf(',', StringComparison.Ordinal) is var comma and >= 0
            ? throw new InvalidInputException(
                $"{option} is '{text[..comma]}' with options of a Redis, which it does not take (no command line should carry a "
                    + "password), expected HOST:PORT."
            )
        : text.LastIndexOf(':') is var colon and > 0
        && int.TryParse(text.AsSpan(colon + 1), out var port)
        && port is > 0 and <= IPEndPoint.MaxPort
            ? (text[..colon].Trim('[', ']'), port)
        : throw new InvalidInputException(
            $"{option} is '{text}', expected HOST:PORT of a silo's gateway or of the cluster's Redis, as `ff cluster status` shows them."
        );

    /// <returns>The beginning of the answer to a greeting; empty where there is none.</returns>
    private static async Task<string> Greeting(NetworkStream stream, CancellationToken cancellation)
    {
        try
        {
            await stream.WriteAsync(Ping, cancellation);
            var answer = new byte[64];
            return Encoding.ASCII.GetString(answer, 0, await stream.ReadAsync(answer, cancellation));
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            return "";
        }
    }
}
