using System.Globalization;

namespace ForwardForward.Runtime.Connections;

/// <summary>A message has more bytes than pass between two processes. It was not sent, and would never be; the message is one sentence.</summary>
public sealed class MessageTooLargeException(string message) : Exception(message)
{
    internal static MessageTooLargeException Of(long bytes, long most) => new(string.Create(
        CultureInfo.InvariantCulture, $"A message of {bytes} bytes is more than the {most} that pass between two processes of a cluster (MaxMessageBodySize)."));
}
