using ForwardForward.Runtime.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace ForwardForward.Runtime.Tests.Hosting;

public sealed class SentenceFormatterTests
{
    private const string Category = "Orleans.Messaging";

    [Theory]
    [InlineData("Warning", null)]
    [InlineData("Debug", "Warning")] // of this category alone
    public void An_exception_is_its_type_and_its_message_in_one_line(string level, string? ofCategory)
    {
        var written = Written(level, ofCategory, Thrown());

        Assert.Equal($"warn: The connection was lost: System.InvalidOperationException: Reset by peer, twice [{Category} 7]\n", written);
    }

    [Theory]
    [InlineData("Debug", null)]
    [InlineData("Warning", "Trace")]
    public void Who_asks_for_level_Debug_gets_the_whole_trace(string level, string? ofCategory)
    {
        var written = Written(level, ofCategory, Thrown());

        Assert.Contains(" at ForwardForward.Runtime.Tests.Hosting.SentenceFormatterTests.Thrown()", written, StringComparison.Ordinal);
    }

    private static string Written(string level, string? ofCategory, Exception exception)
    {
        var settings = new Dictionary<string, string?>
        {
            ["Logging:LogLevel:Default"] = level,
            ["Logging:LogLevel:Orleans"] = ofCategory ?? level,
        };
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        using var services = new ServiceCollection()
            .AddLogging(logging => logging.AddConfiguration(configuration.GetSection("Logging")).AddSentences())
            .BuildServiceProvider();
        using var writer = new StringWriter { NewLine = "\n" };
        var entry = new LogEntry<string>(
            LogLevel.Warning,
            Category,
            new EventId(7),
            "The connection\nwas lost\n   at Some.Place()\n--- End of stack trace ---",
            exception,
            (state, _) => state
        );
        services.GetServices<ConsoleFormatter>().OfType<SentenceFormatter>().Single().Write(entry, null, writer);
        return writer.ToString();
    }

    private static InvalidOperationException Thrown()
    {
        try
        {
            throw new InvalidOperationException("Reset by peer,\ntwice");
        }
        catch (InvalidOperationException e)
        {
            return e;
        }
    }
}
