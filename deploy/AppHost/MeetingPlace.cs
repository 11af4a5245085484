using ForwardForward.Client.Processes;
using Microsoft.Extensions.DependencyInjection;

namespace ForwardForward.AppHost;

/// <summary>
/// The Redis that the silos find each other in: the one that <c>FF_REDIS</c> names, else a server of this machine, else a container.
/// </summary>
internal static class MeetingPlace
{
    private const string Name = "redis";
    private const int Port = 6379;

    /// <param name="state">Folder for a server's files.</param>
    /// <returns>What to wait for, which is null where it is there already, and its address.</returns>
    public static (IResourceBuilder<IResource>? Redis, ReferenceExpression Address) Of(
        IDistributedApplicationBuilder builder,
        FreePorts ports,
        string state
    )
    {
        if (builder.Configuration["FF_REDIS"] is { Length: > 0 } given)
        {
            return (null, ReferenceExpression.Create($"{given}"));
        }

        if (RedisProgram.IsLacking)
        {
            var container = builder.AddRedis(Name).WithDataVolume("forwardforward-aspire");
            return (container, container.Resource.ConnectionStringExpression);
        }

        var port = ports.Next(Port);
        return (Server(builder, port, state), ReferenceExpression.Create($"{SiloPlace.Loopback}:{$"{port}"}"));
    }

    private static IResourceBuilder<ExecutableResource> Server(IDistributedApplicationBuilder builder, int port, string state)
    {
        var data = Directory.CreateDirectory(Path.Combine(state, Name)).FullName;
        string[] arguments = [ShippedFile.At("redis.conf"), "--port", $"{port}", "--bind", SiloPlace.Loopback, "--dir", data];
        builder.Services.AddHealthChecks().AddRedis($"{SiloPlace.Loopback}:{port}", Name);
        return builder
            .AddExecutable(Name, RedisProgram.Expect(), data, arguments)
            .WithEndpoint(port: port, scheme: "tcp", name: "tcp", isProxied: false)
            .WithHealthCheck(Name);
    }
}
