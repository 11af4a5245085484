namespace ForwardForward.Cluster.Tests.Deploy;

public sealed class DockerfileTests
{
    private readonly Dockerfile _dockerfile = new();

    [Fact]
    public void The_image_is_a_silo_unless_told_otherwise()
    {
        Assert.Equal(["dotnet"], _dockerfile.Words("ENTRYPOINT"));
        Assert.Equal(["ForwardForward.Silo.dll"], _dockerfile.Words("CMD"));
        Assert.Equal("/app", _dockerfile.The("WORKDIR"));
        Assert.True(File.Exists(Path.Combine(AppContext.BaseDirectory, "ForwardForward.Silo.dll")));
    }

    [Fact]
    public void It_runs_as_the_user_without_rights() => Assert.Equal("$APP_UID", _dockerfile.The("USER"));

    [Fact]
    public void Its_health_check_is_the_probe_of_this_repository()
    {
        Assert.Contains("COPY deploy/healthy.sh /app/", _dockerfile.Lines);
        Assert.Equal(["/app/healthy.sh"], _dockerfile.Words("HEALTHCHECK"));
    }

    [Fact]
    public void Libtorch_for_the_cpu_is_the_default_and_a_build_argument()
    {
        Assert.Contains("ARG TORCH_BACKEND=cpu\n", _dockerfile.Build, StringComparison.Ordinal);
        Assert.Contains("-p:TorchBackend=$TORCH_BACKEND", _dockerfile.Build, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_that_was_built_here_goes_into_the_image()
    {
        var ignored = File.ReadAllLines(Repository.At(".dockerignore"));
        Assert.Superset(new HashSet<string> { "**/bin", "**/obj", "**/runs", ".git" }, ignored.ToHashSet());
        Assert.DoesNotContain(ignored, line => line.StartsWith("deploy", StringComparison.Ordinal)); // healthy.sh and redis.conf go along
    }
}
