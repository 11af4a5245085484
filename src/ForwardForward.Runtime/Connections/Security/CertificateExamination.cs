using System.Security.Cryptography.X509Certificates;
using ForwardForward.Contracts.Access;

namespace ForwardForward.Runtime.Connections.Security;

/// <summary>Whose certificate it is.</summary>
public static class CertificateExamination
{
    // The names of machines mean nothing here, so the platform's own judgement of names is left aside.
    /// <param name="isTimeLeftAside">Whether one that is out of its time will do.</param>
    /// <returns>Null where the cluster's authority did not issue it for a member of this cluster, or it is out of its time.</returns>
    public static ClusterRole? RoleOf(X509Certificate2 certificate, Credentials credentials, string clusterId, bool isTimeLeftAside = false)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(credentials.Authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        if (isTimeLeftAside)
        {
            chain.ChainPolicy.VerificationFlags = X509VerificationFlags.IgnoreNotTimeValid;
        }

        var names = certificate
            .Extensions.OfType<X509SubjectAlternativeNameExtension>()
            .SelectMany(extension => extension.EnumerateDnsNames());
        return chain.Build(certificate) ? ClusterName.RoleIn(names, clusterId) : null;
    }
}
