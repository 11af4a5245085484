using System.Text;
using ForwardForward.Console.Clusters;
using ForwardForward.Contracts.Access;
using ForwardForward.Runtime.Access;
using ForwardForward.Runtime.Connections.Security;

namespace ForwardForward.Fuzz.Targets;

/// <summary>Tokens that calls carry: none but the real one may prove anything.</summary>
internal sealed class CallTokenTarget : ITarget
{
    private const string Cluster = "forwardforward";
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();
    private readonly Credentials _credentials;
    private readonly string _real;

    public CallTokenTarget()
    {
        var folder = Directory.CreateTempSubdirectory("ff-fuzz-").FullName;
        new Certificates(folder, Cluster, TimeProvider.System).Make(TimeSpan.FromDays(30));
        _credentials = new CertificateFolder(Certificates.FolderOf(folder, ClusterRole.Operator)).Current;
        Directory.Delete(folder, recursive: true);
        _real = CallToken.Sign(_credentials, Cluster, Now.AddDays(20));
        Seeds = [Encoding.UTF8.GetBytes(_real)];
    }

    public IReadOnlyList<byte[]> Seeds { get; }

    public void Decode(byte[] input)
    {
        var text = Encoding.UTF8.GetString(input);
        var read = CallToken.Read(text, _credentials, Cluster, Now).GetAwaiter().GetResult();
        Finding.Unless(read is null || text.Split('.')[1] == _real.Split('.')[1], "a forged token proves something");
    }
}
