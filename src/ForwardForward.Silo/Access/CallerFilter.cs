using System.Security.Cryptography.X509Certificates;
using ForwardForward.Contracts.Access;
using ForwardForward.Runtime.Access;
using ForwardForward.Runtime.Connections.Security;

namespace ForwardForward.Silo.Access;

/// <summary>
/// Looks who asks by HTTP in a cluster with certificates, as <see cref="AuthorizationFilter"/> looks at calls: what is declared with an
/// <see cref="AllowRoleAttribute"/> is for that role, the rest for whoever has a certificate.
/// </summary>
internal sealed partial class CallerFilter(Handshake handshake, ILoggerFactory loggers) : IEndpointFilter
{
    private static readonly AllowRoleAttribute Everybody = new(ClusterRole.Observer);
    private readonly ILogger _audit = loggers.CreateLogger(AuthorizationFilter.AuditCategory);

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext invocation, EndpointFilterDelegate next)
    {
        var context = invocation.HttpContext;
        var open = context.GetEndpoint()?.Metadata.GetMetadata<AllowRoleAttribute>() ?? Everybody;
        if (!context.Request.IsHttps || Caller(context.Connection.ClientCertificate) is not { } caller)
        {
            return Refused(
                $"This cluster knows its callers by certificates: expected https://{context.Request.Host.ToUriComponent()} and a "
                    + "certificate of the cluster."
            );
        }

        var asked = Shown($"{context.Request.Method} {context.Request.Path}");
        if (caller.Role > open.Role)
        {
            Audit("refused");
            return Refused(
                $"The certificate of '{caller.Name}' is that of an observer, which may not do this ({asked}), expected that of an operator."
            );
        }

        context.Features.Set(caller);
        var answer = await next(invocation);
        Audit(answer is IStatusCodeHttpResult { StatusCode: >= 400 and var status } ? $"failed with {status}" : "done");
        return answer;

        void Audit(string outcome)
        {
            if (open.IsAudited && _audit.IsEnabled(LogLevel.Information))
            {
                var (role, run) = ($"{caller.Role}".ToLowerInvariant(), Shown(context.Request.Query["run"].ToString()));
                LogAudit(_audit, caller.Name, role, asked, run, outcome);
            }
        }
    }

    private Caller? Caller(X509Certificate2? shown) =>
        shown is not null && CertificateExamination.RoleOf(shown, handshake.Certificates.Current, handshake.ClusterId) is { } role
            ? new Caller(role, shown.GetNameInfo(X509NameType.SimpleName, forIssuer: false))
            : null;

    private static IResult Refused(string sentence) => Results.Problem(sentence, statusCode: StatusCodes.Status403Forbidden);

    // A line of the log is a line, whatever is asked for.
    private static string Shown(string asked) => string.Concat(asked.Take(100).Select(letter => char.IsControl(letter) ? '?' : letter));

    [LoggerMessage(EventId = 46, Level = LogLevel.Information, Message = "audit: {Name} ({Role}) asks for {Call} of run {Run}: {Outcome}")]
    private static partial void LogAudit(ILogger logger, string name, string role, string call, string run, string outcome);
}
