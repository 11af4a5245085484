using ForwardForward.Contracts.Experiments;
using ForwardForward.Learning;

namespace ForwardForward.Contracts.Tests;

public sealed class RunNameTests
{
    [Theory]
    [InlineData("supervised-1")]
    [InlineData("A.b_c-9")]
    public void A_folder_name_will_do(string name) => Assert.Equal(name, RunName.Check(name));

    [Theory]
    [InlineData("")]
    [InlineData("..")]
    [InlineData("-n")]
    [InlineData("--seed")]
    [InlineData("../etc")]
    [InlineData("a/b")]
    [InlineData("a\nb")]
    [InlineData("lucky\n")]
    public void What_leads_elsewhere_is_refused_in_one_line(string name)
    {
        var refused = Assert.Throws<InvalidInputException>(() => RunName.Check(name));

        Assert.EndsWith(
            "is no name of a run, expected 1 to 100 letters, digits, '.', '_' and '-', and none of '-' at the beginning.",
            refused.Message,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain('\n', refused.Message);
    }

    [Fact]
    public void A_name_without_end_is_not_repeated() =>
        Assert.InRange(Assert.Throws<InvalidInputException>(() => RunName.Check(new string('a', 1_000_000))).Message.Length, 1, 200);
}
