using ForwardForward.Learning.Tests.Data;
using ForwardForward.Runtime.Hosting;

namespace ForwardForward.Runtime.Tests.Hosting;

public sealed class EmbeddedClusterTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task A_start_that_is_called_off_ends_as_such() =>
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            EmbeddedCluster.Start(1, _folder["cache"], _folder["checkpoints"], cancellation: new CancellationToken(canceled: true))
        );

    public void Dispose() => _folder.Dispose();
}
