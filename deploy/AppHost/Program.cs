using ForwardForward.AppHost;
using ForwardForward.Client.Processes;
using Microsoft.Extensions.DependencyInjection;

const int Silos = 3;
var builder = DistributedApplication.CreateBuilder(
    new DistributedApplicationOptions
    {
        Args = args,
        DashboardApplicationName = "ForwardForward",
        // Everything listens on loopback alone, and a silo has no reason to trust a certificate of ASP.NET Core's development.
        AllowUnsecuredTransport = true,
        TrustDeveloperCertificate = false,
    }
);
var state = StateFolder.Path;
var ports = new FreePorts();
var (redis, address) = MeetingPlace.Of(builder, ports, state);
for (var number = 1; number <= Silos; number++)
{
    var name = $"silo-{number}";
    var silo = builder
        .AddProject<Projects.ForwardForward_Silo>(name)
        .WithEndpoint(port: ports.Next(11111), scheme: "tcp", name: "silo", env: "FF_PORT", isProxied: false)
        .WithEndpoint(port: ports.Next(30000), scheme: "tcp", name: "gateway", env: "FF_GATEWAY_PORT", isProxied: false)
        .WithHttpEndpoint(port: ports.Next(8080), name: "http", env: "FF_HTTP_PORT", isProxied: false)
        .WithEnvironment("FF_NAME", name)
        .WithEnvironment("FF_REDIS", address)
        .WithEnvironment("FF_CHECKPOINT_FOLDER", Path.Combine(state, "checkpoints"))
        .WithHttpHealthCheck("/health/ready", endpointName: "http");
    if (redis is not null)
    {
        silo.WaitFor(redis);
    }
}

builder.Services.AddHostedService<SilosLeaveFirst>();
builder.Build().Run();
