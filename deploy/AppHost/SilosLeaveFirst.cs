using Microsoft.Extensions.Hosting;

namespace ForwardForward.AppHost;

/// <summary>
/// Stops the silos before the rest: Aspire stops everything at once, and a silo that cannot tell Redis that it leaves waits for it in vain.
/// </summary>
internal sealed class SilosLeaveFirst(DistributedApplicationModel model, ResourceCommandService commands) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(
            model
                .GetProjectResources()
                .Select(silo => commands.ExecuteCommandAsync(silo, KnownResourceCommands.StopCommand, cancellationToken))
        );
}
