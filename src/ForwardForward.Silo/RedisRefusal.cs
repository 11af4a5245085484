using System.Security.Authentication;
using StackExchange.Redis;

namespace ForwardForward.Silo;

/// <summary>
/// Why a Redis that is there cannot be used: it lets nobody in without a password, or shows a certificate that is not trusted. The client
/// library tells both as a connection that could not be made.
/// </summary>
internal static class RedisRefusal
{
    /// <returns>The end of a sentence that began with the address; null where it was not that.</returns>
    public static string? Of(Exception failure, ConfigurationOptions options)
    {
        // The client library files a certificate that is not trusted under the same name as a wrong password.
        if (Chain(failure).OfType<AuthenticationException>().FirstOrDefault() is not null)
        {
            return "but the certificate of the Redis there is not trusted: expected one that names this address, of an authority of this "
                + "machine or of the cluster (ca.crt).";
        }

        var said = string.Join(' ', Chain(failure).Select(e => e.Message));
        bool Says(string word) => said.Contains(word, StringComparison.Ordinal);
        return (
            Says("NOAUTH"),
            Says("WRONGPASS") || Says("invalid password") || Says("AuthenticationFailure") || Says("authentication failure"),
            Says("NOPERM")
        ) switch
        {
            (_, _, true) =>
                "but the Redis there does not let this user do what a silo needs: expected one who may read and write every key (NOPERM).",
            (true, _, _) or (_, true, _) when string.IsNullOrEmpty(options.Password) =>
                "but the Redis there wants a password: expected HOST:PORT,password=..., and user=... where it has users.",
            (true, _, _) or (_, true, _) =>
                "but the Redis there refuses this password: expected the one that it was given (requirepass), or that of the "
                    + "user (user=...).",
            _ => null,
        };
    }

    private static IEnumerable<Exception> Chain(Exception? failure)
    {
        for (; failure is not null; failure = failure.InnerException)
        {
            yield return failure;
        }
    }
}
