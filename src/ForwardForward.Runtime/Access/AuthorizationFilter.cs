using ForwardForward.Contracts.Access;
using Microsoft.Extensions.Logging;

namespace ForwardForward.Runtime.Access;

/// <summary>
/// Looks at every call that reaches a grain of this silo: refuses those that the caller may not make, and writes down the starts and stops.
/// </summary>
internal sealed partial class AuthorizationFilter(ICallerAuthenticator callers, ILoggerFactory loggers) : IIncomingGrainCallFilter
{
    /// <summary>Of the audit log, so that it can be kept on its own.</summary>
    public const string AuditCategory = "ForwardForward.Audit";
    private const string Stranger = "stranger";
    private readonly ILogger _logger = loggers.CreateLogger<AuthorizationFilter>();
    private readonly ILogger _audit = loggers.CreateLogger(AuditCategory);

    public async Task Invoke(IIncomingGrainCallContext context)
    {
        if (CallPolicies.IsTimer(context.InterfaceMethod))
        {
            await context.Invoke();
            return;
        }

        var open = CallPolicies.Of(context.InterfaceMethod);
        var caller = await callers.Of(context.SourceId);
        var (name, role) = caller is null ? (Stranger, Stranger) : (caller.Name, NameOf(caller.Role));
        var call = context.InterfaceMethod.Name;
        if (caller is null || caller.Role > open.Role)
        {
            LogRefused(_logger, name, role, $"{context.InterfaceMethod.DeclaringType?.Name}.{call}", context.TargetId);
            Audit("refused");
            throw new CallRefusedException(
                caller is null
                    ? $"The call {call} says not who makes it, expected a certificate of the cluster."
                    : $"The certificate of '{name}' is that of an {role}, which may not do this ({call}), expected that of "
                        + $"{(open.Role == ClusterRole.Silo ? "a silo" : "an operator")}."
            );
        }

        try
        {
            await context.Invoke();
            Audit("done");
        }
        catch (Exception e)
        {
            Audit($"failed: {e.Message.ReplaceLineEndings(" ")}");
            throw;
        }

        void Audit(string outcome)
        {
            if (open.IsAudited && caller?.Role != ClusterRole.Silo)
            {
                LogAudit(_audit, name, role, call, context.TargetId.Key, outcome);
            }
        }
    }

    private static string NameOf(ClusterRole role) => role.ToString().ToLowerInvariant();

    [LoggerMessage(EventId = 37, Level = LogLevel.Warning, Message = "{Name} ({Role}) is refused the call {Call} to {Target}")]
    private static partial void LogRefused(ILogger logger, string name, string role, string call, GrainId target);

    [LoggerMessage(EventId = 38, Level = LogLevel.Information, Message = "audit: {Name} ({Role}) asks for {Call} of run {Run}: {Outcome}")]
    private static partial void LogAudit(ILogger logger, string name, string role, string call, IdSpan run, string outcome);
}
