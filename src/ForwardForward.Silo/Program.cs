using System.ComponentModel.DataAnnotations;
using ForwardForward.Learning.Native;
using ForwardForward.Runtime.Hosting;
using ForwardForward.Silo;
using Orleans.Runtime;

try
{
    var builder = WebApplication.CreateBuilder(args);
    var options = SiloOptions.Read(builder.Configuration);
    builder.WebHost.UseUrls($"http://127.0.0.1:{options.HttpPort}");
    builder.UseOrleans(silo => silo
        .UseLocalhostClustering(options.Port, options.GatewayPort, options.PrimaryEndpoint)
        .AddForwardForward(options.DataFolder));
    var app = builder.Build();
    app.MapGet("/health", (ISiloStatusOracle silo) => silo.CurrentStatus == SiloStatus.Active
        ? Results.Text($"{silo.SiloAddress} is active")
        : Results.Text($"{silo.SiloAddress} is {silo.CurrentStatus}", statusCode: StatusCodes.Status503ServiceUnavailable));
    await app.RunAsync();
    return 0;
}
catch (Exception e) when (e is LibTorchUnavailableException or ValidationException)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 2;
}
