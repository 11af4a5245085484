using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace ForwardForward.Runtime.Connections;

/// <summary>
/// What messages are kept below. Orleans' own limit ends the connection, with all that is on its way over it, and what was too large is
/// then sent again without end; so it is put out of reach, and what may be large goes in pieces that are far below the limit that is set.
/// </summary>
internal sealed class MessageLimit
{
    private const int OutOfReach = int.MaxValue - (16 << 20); // with a header it is an int still
    private const int LargestPiece = 16 << 20; // so that probes never wait long behind one

    /// <summary>Of the whole message.</summary>
    public int Bytes { get; private set; } = int.MaxValue;

    /// <summary>Of a slot's rows that go in one message.</summary>
    public int Piece => Math.Min(LargestPiece, Bytes / 2);

    /// <summary>Takes over the limit that is set for Orleans, whoever sets it.</summary>
    /// <typeparam name="TOptions">Of a silo or of a client.</typeparam>
    public static void TakeOver<TOptions>(IServiceCollection services)
        where TOptions : MessagingOptions
    {
        var limit = new MessageLimit();
        services
            .AddOptions<TOptions>()
            .PostConfigure(options => (limit.Bytes, options.MaxMessageBodySize) = (options.MaxMessageBodySize, OutOfReach));
        services.AddSingleton(provider => Known(provider.GetRequiredService<IOptions<TOptions>>(), limit));
    }

    private static MessageLimit Known<TOptions>(IOptions<TOptions> options, MessageLimit limit)
        where TOptions : MessagingOptions
    {
        _ = options.Value; // configures
        return limit;
    }
}
