using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

namespace ForwardForward.Runtime.Hosting;

/// <summary>
/// Writes a log for people: a line for each event, with an exception's type and message. A whole trace is there for who asks for a
/// category's events of level Debug, and where this program gives an exception of its own to its log: then it is a bug.
/// </summary>
internal sealed class SentenceFormatter(IOptionsMonitor<LoggerFilterOptions> filters, IOptionsMonitor<ConsoleFormatterOptions> options)
    : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "sentences";
    private const string Own = "ForwardForward.";
    private const string Indent = "      ";

    public override void Write<TState>(in LogEntry<TState> entry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var time = options.CurrentValue.TimestampFormat is { } format
            ? TimeProvider.System.GetLocalNow().ToString(format, CultureInfo.InvariantCulture)
            : "";
        var isOwn = entry.Category.StartsWith(Own, StringComparison.Ordinal);
        var showsTraces = ShowsTraces(filters.CurrentValue, entry.Category) || (isOwn && entry.Exception is not null);
        var message = OneLine(entry.Formatter(entry.State, entry.Exception), showsTraces);
        if (entry.Exception is { } exception && !showsTraces)
        {
            var separator = message.Length == 0 ? "" : ": ";
            message = $"{message.TrimEnd('.', ':')}{separator}{exception.GetType().FullName}: {OneLine(exception.Message)}";
        }

        var category = isOwn ? entry.Category[(entry.Category.LastIndexOf('.') + 1)..] : entry.Category;
        textWriter.WriteLine($"{time}{Level(entry.LogLevel)}: {message} [{category} {entry.EventId.Id}]");
        if (showsTraces && entry.Exception is not null)
        {
            textWriter.WriteLine(Indent + entry.Exception);
        }
    }

    /// <summary>
    /// Whether events of level Debug of a category are asked for, as the logger decides it: by the rule with the longest beginning of its
    /// name.
    /// </summary>
    internal static bool ShowsTraces(LoggerFilterOptions filters, string category)
    {
        var rules = filters.Rules.Where(rule =>
            rule.CategoryName is null || category.StartsWith(rule.CategoryName, StringComparison.OrdinalIgnoreCase)
        );
        return (rules.OrderBy(rule => rule.CategoryName?.Length ?? 0).LastOrDefault()?.LogLevel ?? filters.MinLevel) <= LogLevel.Debug;
    }

    // Orleans writes traces into some of its messages as well.
    private static string OneLine(string text, bool withTraces = false) =>
        string.Join(
            ' ',
            text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                .Where(line => withTraces || !IsOfTrace(line))
        );

    private static bool IsOfTrace(string line) =>
        line.StartsWith("at ", StringComparison.Ordinal) && line.Contains('(', StringComparison.Ordinal)
        || line.StartsWith("--- End of ", StringComparison.Ordinal);

    private static string Level(LogLevel level) =>
        level switch
        {
            LogLevel.Trace => "trce",
            LogLevel.Debug => "dbug",
            LogLevel.Information => "info",
            LogLevel.Warning => "warn",
            LogLevel.Error => "fail",
            _ => "crit",
        };
}

public static class SentenceLogging
{
    /// <summary>Lets the console's log be written in sentences, where nothing else is configured.</summary>
    public static ILoggingBuilder AddSentences(this ILoggingBuilder logging) =>
        logging
            .AddConsoleFormatter<SentenceFormatter, ConsoleFormatterOptions>()
            .AddConsole(console => console.FormatterName ??= SentenceFormatter.FormatterName);
}
