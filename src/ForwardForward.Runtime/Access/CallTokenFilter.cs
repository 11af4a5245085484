using ForwardForward.Runtime.Connections.Security;

namespace ForwardForward.Runtime.Access;

/// <summary>Puts this process's own token on every call that it makes, in place of the one that a call it answers came with.</summary>
internal sealed class CallTokenFilter(Handshake handshake, TimeProvider time) : IOutgoingGrainCallFilter
{
    public const string Key = "ff.pass";

    // Clocks of machines differ; within the fresh time a renewed certificate comes into use.
    private static readonly TimeSpan Life = TimeSpan.FromHours(1);
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(1);
    private volatile Signed? _signed;

    public Task Invoke(IOutgoingGrainCallContext context)
    {
        RequestContext.Set(Key, Current());
        return context.Invoke();
    }

    private string Current()
    {
        var now = time.GetUtcNow();
        if (_signed is not { } signed || now >= signed.FreshUntil || now < signed.FreshUntil - Fresh)
        {
            _signed = signed = new Signed(CallToken.Sign(handshake.Certificates.Current, handshake.ClusterId, now + Life), now + Fresh);
        }

        return signed.Text;
    }

    private sealed record Signed(string Text, DateTimeOffset FreshUntil);
}
