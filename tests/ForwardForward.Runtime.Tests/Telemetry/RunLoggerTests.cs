using System.Text.Json;
using ForwardForward.Runtime.Hosting;
using ForwardForward.Runtime.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace ForwardForward.Runtime.Tests.Telemetry;

public sealed partial class RunLoggerTests
{
    [Fact]
    public void A_line_for_people_begins_with_the_run_its_generation_the_stage_and_the_silo()
    {
        Assert.Equal(
            "warn: Run mine (generation 2, layer 3, silo-1): has no checkpoint of slot 40: The disk is full [Stage 8]\n",
            Written(SentenceFormatter.FormatterName, "layer 3", 2)
        );
        Assert.Equal(
            "warn: Run mine (silo-1): has no checkpoint of slot 40: The disk is full [Stage 8]\n",
            Written(SentenceFormatter.FormatterName, stage: null, generation: null)
        );
    }

    [Fact]
    public void As_json_each_of_them_is_a_property()
    {
        var line = Written("json", "layer 3", 2);

        var state = JsonDocument.Parse(Assert.Single(line.TrimEnd().Split('\n'))).RootElement.GetProperty("State");
        Assert.Equal(
            ("mine", "2", "layer 3", "silo-1", "40"),
            (Text("Run"), Text("Generation"), Text("Stage"), Text("Silo"), Text("Slot"))
        );

        string Text(string property) => state.GetProperty(property).ToString();
    }

    [Fact]
    public void What_nobody_foresaw_has_its_trace_and_anything_else_is_a_sentence()
    {
        Assert.True(Foreseen.Is(new TimeoutException()));
        Assert.False(Foreseen.Is(new InvalidCastException()));
        Assert.Contains(
            "\n      System.InvalidCastException",
            Written(SentenceFormatter.FormatterName, "layer 3", 2, new InvalidCastException())
        );
    }

    private static string Written(string format, string? stage, int? generation, Exception? exception = null)
    {
        using var services = new ServiceCollection().AddLogging(logging => logging.AddSentences()).BuildServiceProvider();
        using var writer = new StringWriter { NewLine = "\n" };
        var formatter = services.GetServices<ConsoleFormatter>().Single(one => one.Name == format);
        var log = RunLogger.Of(new FormattedLog(formatter, writer), "mine", "silo-1", () => generation, stage);
        if (exception is null)
        {
            LogNotSaved(log, 40, "The disk is full");
        }
        else
        {
            LogBug(log, exception);
        }

        return writer.ToString();
    }

    [LoggerMessage(EventId = 8, Level = LogLevel.Warning, Message = "has no checkpoint of slot {Slot}: {Reason}")]
    private static partial void LogNotSaved(ILogger log, long slot, string reason);

    [LoggerMessage(EventId = 17, Level = LogLevel.Error, Message = "failed")]
    private static partial void LogBug(ILogger log, Exception bug);

    private sealed class FormattedLog(ConsoleFormatter formatter, TextWriter writer) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> write
        ) =>
            formatter.Write(new LogEntry<TState>(logLevel, "ForwardForward.Runtime.Stage", eventId, state, exception, write), null, writer);
    }
}
