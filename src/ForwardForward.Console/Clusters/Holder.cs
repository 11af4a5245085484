using System.Text.RegularExpressions;
using ForwardForward.Contracts.Access;
using ForwardForward.Learning;

namespace ForwardForward.Console.Clusters;

/// <summary>Somebody that a certificate is made for.</summary>
internal sealed partial record Holder(string Name, ClusterRole Role)
{
    /// <returns>Null where nobody is named.</returns>
    /// <exception cref="InvalidInputException">Name or role cannot be used.</exception>
    public static Holder? Of(string? name, string? role) =>
        (name, role?.ToLowerInvariant()) switch
        {
            (null, null) => null,
            (null, _) => throw new InvalidInputException("--role is given without --for, expected the name of who gets the certificate."),
            _ when !Usable().IsMatch(name) => throw new InvalidInputException(
                $"--for is '{name}', expected a name of letters, digits, '.', '_' and '-'."
            ),
            _ when Roles.Contains(name, StringComparer.OrdinalIgnoreCase) => throw new InvalidInputException(
                $"--for is '{name}', which is the folder of a role, expected somebody's name."
            ),
            (_, null or "operator") => new Holder(name, ClusterRole.Operator),
            (_, "observer") => new Holder(name, ClusterRole.Observer),
            _ => throw new InvalidInputException($"--role is '{role}', expected operator or observer."),
        };

    private static readonly IReadOnlyList<string> Roles = Enum.GetNames<ClusterRole>();

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$")]
    private static partial Regex Usable();
}
