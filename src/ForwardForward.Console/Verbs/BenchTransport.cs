using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using ForwardForward.Benchmarks.Transport;
using ForwardForward.Client;
using ForwardForward.Console.CommandLine;

namespace ForwardForward.Console.Verbs;

/// <summary><c>bench transport</c>.</summary>
internal static class BenchTransport
{
    private const int DefaultTurns = 7;
    private const int DefaultMegabytes = 256;
    private const int DefaultSlowSlots = 500;
    private const int DefaultActive = 50;
    private const double Mega = 1e6;

    public static Verb Command()
    {
        var cluster = new ClusterOptions();
        var turns = Options.Whole("--turns", $"Turns of which the best counts; default: {DefaultTurns}.", 1, 100);
        var megabytes = Options.Whole("--megabytes", $"Megabytes of a turn; default: {DefaultMegabytes}.", 1, 100_000);
        var active = Options.Whole(
            "--active",
            $"Percent of the units that are active; default: {DefaultActive}, as in a new layer.",
            0,
            100
        );
        var slow = Options.Whole("--slow-slots", $"Slots to a slow receiver, 0 for none; default: {DefaultSlowSlots}.", 0, 100_000);
        var json = new Option<bool>("--json") { Description = "Print one JSON array on stdout, everything else on stderr." };
        var command = new Verb(
            "transport",
            "Slots between two silo processes beside a raw socket, and memory while the receiver is slow; without --cluster on "
                + "a cluster of its own.",
            "./ff bench transport --turns 3"
        )
        {
            cluster.Address,
            cluster.Id,
            cluster.Tls,
            turns,
            megabytes,
            active,
            slow,
            json,
        };
        command.SetAction(
            async (parsed, interrupted) =>
            {
                await using var own = parsed.GetValue(cluster.Address) is null ? await OwnCluster.Start(interrupted) : null;
                await using var connection = own is null
                    ? await cluster.Connect(parsed, interrupted)
                    : await ClusterConnection.Connect(own.Gateway, ClusterConnection.DefaultClusterId, interrupted);
                var bytes = (long)Mega * (parsed.GetValue(megabytes) ?? DefaultMegabytes);
                var streams = parsed.InvocationConfiguration;
                await using var benchmark = new TransportBenchmark(
                    connection,
                    (parsed.GetValue(active) ?? DefaultActive) / 100.0,
                    parsed.GetValue(turns) ?? DefaultTurns,
                    bytes,
                    streams.Error.WriteLine
                );
                await Run(benchmark, parsed.GetValue(slow) ?? DefaultSlowSlots, parsed.GetValue(json), streams, interrupted);
            }
        );
        return command;
    }

    private static async Task Run(
        TransportBenchmark benchmark,
        int slowSlots,
        bool json,
        InvocationConfiguration streams,
        CancellationToken interrupted
    )
    {
        var (from, to) = await benchmark.Open();
        streams.Error.WriteLine($"from {from} to {to}");
        var rows = await benchmark.Run(interrupted);
        var backlog = slowSlots > 0 ? await benchmark.Overload(slowSlots, interrupted) : null;
        if (json)
        {
            streams.Output.WriteLine(JsonSerializer.Serialize(rows, Json.OneLine));
        }
        else
        {
            Print(streams.Output, rows);
        }

        if (backlog is not null)
        {
            Print(json ? streams.Error : streams.Output, TransportBenchmark.OverloadOf(slowSlots), backlog);
        }
    }

    private static void Print(TextWriter output, IReadOnlyList<TransportRow> rows)
    {
        void Row(params string[] cells) => output.WriteLine(string.Concat(cells.Select(cell => cell.PadLeft(14))));
        Row("MB", "in flight", "GB/s", "raw, GB/s", "share", "us a call", "sender, us", "receiver, us");
        foreach (var row in rows)
        {
            Row(
                Text(row.Bytes / Mega, "0.0"),
                $"{row.InFlight}",
                Text(row.GigabytesPerSecond, "0.00"),
                Text(row.RawSocketGigabytesPerSecond, "0.00"),
                Text(row.Share, "0.00"),
                Text(row.MicrosecondsPerCall, "0"),
                Text(row.SenderMicroseconds, "0"),
                Text(row.ReceiverMicroseconds, "0")
            );
        }
    }

    private static void Print(TextWriter output, TransportLoad load, TransportBacklog backlog)
    {
        output.WriteLine(
            $"slow receiver: {load.Slots} slots, {Megabytes(load.Bytes)} in all, {backlog.Refused} crossed the wire in vain; at "
                + "most there were"
        );
        foreach (var (name, memory) in new[] { ("sender", backlog.Sender), ("receiver", backlog.Receiver) })
        {
            output.WriteLine(
                $"  {name, -9} {Megabytes(memory.RowBytes)} of rows alive, {Megabytes(memory.ProcessBytes)} more resident "
                    + "memory than before"
            );
        }
    }

    private static string Megabytes(long bytes) => Text(bytes / Mega, "#,0.0") + " MB";

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
