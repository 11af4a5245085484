using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ForwardForward.Chaos;

namespace ForwardForward.Silo.Tests;

/// <summary>samples/EmbeddedSilo: a silo in somebody's own web program.</summary>
public sealed class EmbeddedSiloTests
{
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "EmbeddedSilo.dll");

    [Fact]
    public async Task A_web_program_with_a_silo_of_its_own_starts_a_run_shows_it_and_refuses_what_cannot_be_run()
    {
        var folder = Directory.CreateTempSubdirectory("ff-embedded-").FullName;
        var data = TinyIdx.Write(Path.Combine(folder, "tiny"));
        var url = $"http://127.0.0.1:{FreePort()}";
        using var silo = System.Diagnostics.Process.Start(
            new System.Diagnostics.ProcessStartInfo("dotnet", [Program, "--urls", url, "--SiloPort", $"{FreePort()}"])
            {
                RedirectStandardOutput = true,
                WorkingDirectory = folder,
            }
        )!;
        silo.BeginOutputReadLine(); // it stands still when nobody reads what it logs of every request
        try
        {
            using var client = new HttpClient { BaseAddress = new Uri(url) };
            var started = await Answered(() =>
                client.PostAsync(new Uri($"/runs/first?epochs=2&data={Uri.EscapeDataString(data)}", UriKind.Relative), null)
            );
            var refused = await client.PostAsync(new Uri("/runs/second?data=/nowhere", UriKind.Relative), null);
            JsonElement run;
            do
            {
                run = await client.GetFromJsonAsync<JsonElement>(new Uri("/runs/first", UriKind.Relative));
            } while (run.GetProperty("state").GetString() is "Running" or "Queued");

            Assert.Equal(HttpStatusCode.OK, started.StatusCode);
            Assert.Equal("Done", run.GetProperty("state").GetString());
            Assert.Equal(64, run.GetProperty("stateHash").GetString()!.Length);
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
            Assert.Contains("/nowhere", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
        finally
        {
            silo.Kill(entireProcessTree: true);
            await silo.WaitForExitAsync();
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<HttpResponseMessage> Answered(Func<Task<HttpResponseMessage>> ask)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (true)
        {
            try
            {
                return await ask();
            }
            catch (HttpRequestException) when (!patience.IsCancellationRequested)
            {
                await Task.Delay(100, CancellationToken.None);
            }
        }
    }

    private static int FreePort()
    {
        using var listener = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
