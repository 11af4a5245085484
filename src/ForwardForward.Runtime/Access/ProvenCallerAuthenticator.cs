using System.Collections.Concurrent;
using ForwardForward.Runtime.Connections.Security;

namespace ForwardForward.Runtime.Access;

/// <summary>Believes tokens only. What a token proves is remembered for a minute, since every call has one.</summary>
internal sealed class ProvenCallerAuthenticator(Handshake handshake, TimeProvider time) : ICallerAuthenticator
{
    private const int MaxRemembered = 1024;
    private static readonly TimeSpan Remembered = TimeSpan.FromMinutes(1);
    private readonly ConcurrentDictionary<string, (Caller Caller, DateTimeOffset Until)> _known = [];

    public async ValueTask<Caller?> Of(GrainId? sender)
    {
        var now = time.GetUtcNow();
        if (RequestContext.Get(CallTokenFilter.Key) is not string token)
        {
            return null;
        }

        if (_known.TryGetValue(token, out var known) && now < known.Until)
        {
            return known.Caller;
        }

        _known.TryRemove(token, out _);
        if (await CallToken.Read(token, handshake.Certificates.Current, handshake.ClusterId, now) is not { } read)
        {
            return null;
        }

        if (_known.Count >= MaxRemembered)
        {
            _known.Clear();
        }

        _known[token] = (read.Caller, new[] { read.Until, now + Remembered }.Min());
        return read.Caller;
    }
}
