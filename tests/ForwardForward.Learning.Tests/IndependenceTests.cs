using ForwardForward.Learning.Layers;

namespace ForwardForward.Learning.Tests;

public sealed class IndependenceTests
{
    [Fact]
    public void The_algorithm_knows_tensors_alone_no_pictures_no_downloads_and_not_that_it_is_distributed()
    {
        var references = typeof(FFLayer).Assembly.GetReferencedAssemblies().Select(a => a.Name!).ToList();

        Assert.DoesNotContain(references, name => name.Contains("Orleans", StringComparison.OrdinalIgnoreCase));
        Assert.Equal(["TorchSharp"], references.Where(name => !name.StartsWith("System.", StringComparison.Ordinal)));
    }
}
