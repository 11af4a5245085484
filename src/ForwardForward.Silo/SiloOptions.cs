using System.ComponentModel.DataAnnotations;
using System.Net;
using ForwardForward.Learning.Data;

namespace ForwardForward.Silo;

/// <summary>How one silo process joins its cluster; section <c>Silo</c> of the configuration (<c>--Silo:Port 11112</c>, <c>Silo__Port=11112</c>).</summary>
public sealed class SiloOptions
{
    /// <summary>Port for other silos.</summary>
    [Range(1, 65535)]
    public int Port { get; set; } = 11111;

    /// <summary>Port for clients; 0 lets none in.</summary>
    [Range(0, 65535)]
    public int GatewayPort { get; set; } = 30000;

    /// <summary>HTTP port of <c>/health</c>.</summary>
    [Range(1, 65535)]
    public int HttpPort { get; set; } = 8080;

    /// <summary>Endpoint of the silo that keeps the membership; empty means this one.</summary>
    [RegularExpression(@"^$|^[0-9a-fA-F.:\[\]]+:\d+$", ErrorMessage = "Silo:Primary must be ADDRESS:PORT.")]
    public string Primary { get; set; } = "";

    /// <summary>Where known data sets are kept.</summary>
    [Required]
    public string DataFolder { get; set; } = DataSets.DefaultCacheFolder;

    /// <exception cref="ValidationException">A value is out of its range or no number; the message is one sentence.</exception>
    public static SiloOptions Read(IConfiguration configuration)
    {
        try
        {
            var options = configuration.GetSection("Silo").Get<SiloOptions>() ?? new SiloOptions();
            Validator.ValidateObject(options, new ValidationContext(options), validateAllProperties: true);
            return options;
        }
        catch (InvalidOperationException e)
        {
            throw new ValidationException($"The section Silo of the configuration cannot be read: {e.InnerException?.Message ?? e.Message}", e);
        }
    }

    public IPEndPoint PrimaryEndpoint => Primary.Length == 0 ? new IPEndPoint(IPAddress.Loopback, Port) : IPEndPoint.Parse(Primary);
}
