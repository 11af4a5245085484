using ForwardForward.Console.Clusters;
using ForwardForward.Contracts.Access;
using ForwardForward.Runtime.Access;
using ForwardForward.Runtime.Connections.Security;

namespace ForwardForward.Cluster.Tests.Access;

/// <summary>What a call's pass proves, and what it does not.</summary>
public sealed class CallTokenTests : IDisposable
{
    private const string Cluster = "forwardforward";
    private static readonly DateTimeOffset Now = DateTimeOffset.Now;
    private readonly string _folder = Directory.CreateTempSubdirectory("ff-pass-").FullName;

    public CallTokenTests()
    {
        var certificates = new Certificates(_folder, Cluster, TimeProvider.System);
        certificates.Make(TimeSpan.FromDays(1));
        certificates.MakeFor("olga", ClusterRole.Observer, TimeSpan.FromDays(1));
    }

    [Theory]
    [InlineData("silo", ClusterRole.Silo)]
    [InlineData("operator", ClusterRole.Operator)]
    [InlineData("olga", ClusterRole.Observer)]
    public void It_says_who_calls_and_what_they_may_do(string folder, ClusterRole role)
    {
        var pass = CallToken.Sign(Of(folder), Cluster, Now.AddHours(1));

        Assert.Equal(new Caller(role, folder), CallToken.Read(pass, Of("silo"), Cluster, Now)?.Caller);
    }

    [Fact]
    public void It_ceases_to_hold_and_holds_for_no_other_cluster()
    {
        var pass = CallToken.Sign(Of("operator"), Cluster, Now.AddHours(1));

        Assert.Null(CallToken.Read(pass, Of("silo"), Cluster, Now.AddHours(1).AddSeconds(1)));
        Assert.Null(CallToken.Read(pass, Of("silo"), "another", Now));
    }

    [Fact]
    public void That_of_an_operator_holds_no_longer_than_the_certificate_while_that_of_a_silo_does()
    {
        var later = Now.AddDays(2);

        Assert.Null(CallToken.Read(CallToken.Sign(Of("operator"), Cluster, later.AddHours(1)), Of("silo"), Cluster, later));
        Assert.Equal(
            ClusterRole.Silo,
            CallToken.Read(CallToken.Sign(Of("silo"), Cluster, later.AddHours(1)), Of("silo"), Cluster, later)?.Caller.Role
        );
    }

    [Fact]
    public void An_observer_signs_nothing_with_the_certificate_of_an_operator()
    {
        var theirs = CallToken.Sign(Of("operator"), Cluster, Now.AddHours(1)).Split('.');
        var hers = CallToken.Sign(Of("olga"), Cluster, Now.AddHours(1)).Split('.');

        Assert.Null(CallToken.Read(string.Join('.', theirs[0], hers[1], hers[2]), Of("silo"), Cluster, Now));
    }

    [Fact]
    public void One_of_another_authority_proves_nothing()
    {
        new Certificates(Path.Combine(_folder, "foreign"), Cluster, TimeProvider.System).Make(TimeSpan.FromDays(1));

        Assert.Null(CallToken.Read(CallToken.Sign(Of("foreign/silo"), Cluster, Now.AddHours(1)), Of("silo"), Cluster, Now));
    }

    [Fact]
    public void No_changed_character_passes()
    {
        var pass = CallToken.Sign(Of("operator"), Cluster, Now.AddHours(1));

        for (var i = 0; i < pass.Length; i++)
        {
            var changed = pass[..i] + (pass[i] == '7' ? '8' : '7') + pass[(i + 1)..];
            var read = CallToken.Read(changed, Of("silo"), Cluster, Now);
            Assert.True(read is null || SameBytes(pass, changed), $"It holds with another character at {i}.");
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("..")]
    [InlineData("a.b.c")]
    [InlineData("AAAA.99999999999999999.AAAA")]
    [InlineData("AAAA.4102444800.AAAA")]
    public void Nonsense_proves_nothing(string text) => Assert.Null(CallToken.Read(text, Of("silo"), Cluster, Now));

    [Fact]
    public void A_text_without_end_proves_nothing() => Assert.Null(CallToken.Read(new string('A', 10_000_000), Of("silo"), Cluster, Now));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private Credentials Of(string holder) => new CertificateFolder(Path.Combine(_folder, holder)).Current;

    // The last character of a base64 text may have bits that mean nothing.
    private static bool SameBytes(string one, string other)
    {
        var (ours, theirs) = (one.Split('.'), other.Split('.'));
        return ours[1] == theirs[1]
            && new[] { 0, 2 }.All(part => Convert.FromBase64String(ours[part]).SequenceEqual(Convert.FromBase64String(theirs[part])));
    }
}
