using System.Buffers.Text;
using System.Text;
using ForwardForward.Console.Clusters;
using ForwardForward.Contracts.Access;
using ForwardForward.Runtime.Access;
using ForwardForward.Runtime.Connections.Security;

namespace ForwardForward.Cluster.Tests.Access;

/// <summary>What a call's token proves, and what it does not.</summary>
public sealed class CallTokenTests : IDisposable
{
    private const string Cluster = "forwardforward";
    private static readonly DateTimeOffset Now = DateTimeOffset.Now;
    private readonly string _folder = Directory.CreateTempSubdirectory("ff-token-").FullName;

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
    public async Task It_says_who_calls_and_what_they_may_do(string folder, ClusterRole role)
    {
        var token = CallToken.Sign(Of(folder), Cluster, Now.AddHours(1));

        Assert.Equal(new Caller(role, folder), (await CallToken.Read(token, Of("silo"), Cluster, Now))?.Caller);
    }

    [Fact]
    public async Task It_ceases_to_hold_and_holds_for_no_other_cluster()
    {
        var token = CallToken.Sign(Of("operator"), Cluster, Now.AddHours(1));

        Assert.Null(await CallToken.Read(token, Of("silo"), Cluster, Now.AddHours(1).AddSeconds(1)));
        Assert.Null(await CallToken.Read(token, Of("silo"), "another", Now));
    }

    [Fact]
    public async Task That_of_an_operator_holds_no_longer_than_the_certificate_while_that_of_a_silo_does()
    {
        var later = Now.AddDays(2);

        Assert.Null(await CallToken.Read(CallToken.Sign(Of("operator"), Cluster, later.AddHours(1)), Of("silo"), Cluster, later));
        Assert.Equal(
            ClusterRole.Silo,
            (await CallToken.Read(CallToken.Sign(Of("silo"), Cluster, later.AddHours(1)), Of("silo"), Cluster, later))?.Caller.Role
        );
    }

    [Fact]
    public async Task An_observer_signs_nothing_with_the_certificate_of_an_operator()
    {
        var theirs = CallToken.Sign(Of("operator"), Cluster, Now.AddHours(1)).Split('.');
        var hers = CallToken.Sign(Of("olga"), Cluster, Now.AddHours(1)).Split('.');

        Assert.Null(await CallToken.Read(string.Join('.', theirs[0], hers[1], hers[2]), Of("silo"), Cluster, Now));
    }

    [Fact]
    public async Task One_of_another_authority_proves_nothing()
    {
        new Certificates(Path.Combine(_folder, "foreign"), Cluster, TimeProvider.System).Make(TimeSpan.FromDays(1));

        Assert.Null(await CallToken.Read(CallToken.Sign(Of("foreign/silo"), Cluster, Now.AddHours(1)), Of("silo"), Cluster, Now));
    }

    [Fact]
    public async Task No_token_with_a_changed_character_holds()
    {
        var token = CallToken.Sign(Of("operator"), Cluster, Now.AddHours(1));

        for (var i = 0; i < token.Length; i += 3)
        {
            var changed = token[..i] + (token[i] == '7' ? '8' : '7') + token[(i + 1)..];
            var read = await CallToken.Read(changed, Of("silo"), Cluster, Now);
            Assert.True(read is null || SameBytes(token, changed), $"It holds with another character at {i}.");
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("..")]
    [InlineData("a.b.c")]
    [InlineData("AAAA.99999999999999999.AAAA")]
    [InlineData("e30.e30.AAAA")] // {}
    [InlineData("AAAA.4102444800.AAAA")]
    public async Task Nonsense_proves_nothing(string text) => Assert.Null(await CallToken.Read(text, Of("silo"), Cluster, Now));

    [Fact]
    public async Task One_that_nobody_signed_proves_nothing()
    {
        var parts = CallToken.Sign(Of("operator"), Cluster, Now.AddHours(1)).Split('.');
        var header = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(parts[0]));
        var unsigned = header.Replace("\"ES256\"", "\"none\"", StringComparison.Ordinal);

        Assert.NotEqual(header, unsigned);
        Assert.Null(
            await CallToken.Read($"{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(unsigned))}.{parts[1]}.", Of("silo"), Cluster, Now)
        );
    }

    [Fact]
    public async Task A_text_without_end_proves_nothing() =>
        Assert.Null(await CallToken.Read(new string('A', 10_000_000), Of("silo"), Cluster, Now));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private Credentials Of(string holder) => new CertificateFolder(Path.Combine(_folder, holder)).Current;

    // The last character of a base64 text may have bits that mean nothing.
    private static bool SameBytes(string one, string other)
    {
        var (ours, theirs) = (one.Split('.'), other.Split('.'));
        return ours.Take(2).SequenceEqual(theirs.Take(2))
            && Base64Url.DecodeFromChars(ours[2]).SequenceEqual(Base64Url.DecodeFromChars(theirs[2]));
    }
}
