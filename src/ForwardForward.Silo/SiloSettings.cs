using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using ForwardForward.Experiments.Data;
using ForwardForward.Learning.Devices;

namespace ForwardForward.Silo;

/// <summary>
/// How one silo process joins its cluster: section <c>Silo</c> of the configuration (<c>--Silo:GatewayPort 30001</c>,
/// <c>Silo__GatewayPort=30001</c>, <c>appsettings.json</c>), or the environment in the short form <c>FF_GATEWAY_PORT=30001</c>.
/// </summary>
public sealed class SiloSettings
{
    /// <summary>Silos of the same cluster id and the same Redis find each other.</summary>
    [Required, RegularExpression("^[A-Za-z0-9._-]{1,100}$", ErrorMessage = "letters, digits, '.', '_' and '-', 100 at most")]
    public string ClusterId { get; set; } = "forwardforward";

    /// <summary>For people and for placement plans; one of its own for every silo.</summary>
    [Required]
    public string Name { get; set; } = Environment.MachineName;

    /// <summary>
    /// Where membership and the state of runs are kept: HOST:PORT, or what StackExchange.Redis takes
    /// (<c>host:6379,password=...,ssl=true</c>). Empty: nowhere, and the silo is a cluster of its own that forgets its runs when it ends.
    /// </summary>
    public string Redis { get; set; } = "";

    /// <summary>
    /// HOST:PORT of the silo that the others meet in where there is no <see cref="Redis"/>: for trying out, since the cluster ends with it.
    /// Empty: this one, or none is needed.
    /// </summary>
    [RegularExpression("^$|^[^ ]+:[0-9]{1,5}$", ErrorMessage = "HOST:PORT of another silo")]
    public string Primary { get; set; } = "";

    /// <summary>
    /// Folder for the records of runs where there is no <see cref="Redis"/>, the same for silos of one machine that have a
    /// <see cref="Primary"/>. Empty: they are forgotten when the silo ends.
    /// </summary>
    public string RecordFolder { get; set; } = "";

    /// <summary>Port for other silos.</summary>
    [Range(1, 65535)]
    public int Port { get; set; } = 11111;

    /// <summary>Port for clients; 0 lets none in.</summary>
    [Range(0, 65535)]
    public int GatewayPort { get; set; } = 30000;

    /// <summary>HTTP port of <c>/health</c> and <c>/metrics</c>.</summary>
    [Range(1, 65535)]
    public int HttpPort { get; set; } = 8080;

    /// <summary>
    /// Address or host name that the others reach this silo by. A loopback address also keeps everybody outside this machine out.
    /// </summary>
    [Required]
    public string AdvertisedAddress { get; set; } = "127.0.0.1";

    /// <summary>
    /// Whether <c>/dashboard</c> shows Orleans' dashboard: every grain's state and calls, to whoever reaches <see cref="HttpPort"/>.
    /// </summary>
    public bool Dashboard { get; set; }

    /// <summary>
    /// Assemblies that add goodness, negatives, optimizers or recipes to the algorithm, separated as in PATH; every silo of a cluster needs
    /// the same.
    /// </summary>
    public string Plugins { get; set; } = "";

    /// <summary>
    /// What it computes layers on: <c>cpu</c>, or GPUs that its stages take turns on: <c>cuda:0</c>, <c>cuda:0,cuda:1</c>.
    /// </summary>
    [RegularExpression("^(cpu|cuda:[0-9]{1,2}(,cuda:[0-9]{1,2})*)$", ErrorMessage = "cpu, cuda:0 or cuda:0,cuda:1")]
    public string Devices { get; set; } = ComputeDevices.Cpu;

    /// <summary>
    /// Whether it works beside silos whose kernels compute other bits, which all of them must want: runs with <c>exact: false</c> are then
    /// computed by all together, others by silos of one kind.
    /// </summary>
    public bool Mixed { get; set; }

    /// <summary>
    /// Matrix rate of all its cores together in fp32 and in bf16, in 10^9 floating-point operations a second (<c>300,900</c>), which
    /// placement goes by. Empty: it is measured when the silo starts.
    /// </summary>
    [RegularExpression("^$|^[1-9][0-9]{0,8},[1-9][0-9]{0,8}$", ErrorMessage = "two whole numbers, of fp32 and of bf16, as 300,900")]
    public string MatrixRate { get; set; } = "";

    /// <summary>
    /// Megabytes that the stages and data of a run may take here; a run that needs more is refused before it starts. 0: what the machine or
    /// the container has.
    /// </summary>
    [Range(0, 1 << 30)]
    public int MemoryMegabytes { get; set; }

    /// <summary>Most slots a second of a run whose source is here, so that the machine has time for others. 0: as many as it can.</summary>
    [Range(0, 1_000_000)]
    public int SlotsPerSecond { get; set; }

    /// <summary>Where known data sets are kept.</summary>
    [Required]
    public string DataFolder { get; set; } = DataSets.DefaultCacheFolder;

    /// <summary>Where runs keep their checkpoints, a folder each.</summary>
    [Required]
    public string CheckpointFolder { get; set; } =
        Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "forwardforward", "checkpoints");

    /// <summary>
    /// Whether <see cref="CheckpointFolder"/> is the same for all silos of the cluster, on storage that they share. If not, it is this
    /// silo's own, and every stage's part of a checkpoint is also copied to one other silo. The same for all silos.
    /// </summary>
    public bool CheckpointsShared { get; set; } = true;

    /// <summary>
    /// Folder with the silo's certificate, its key and the cluster's authority (<c>tls.crt</c>, <c>tls.key</c>, <c>ca.crt</c>): what silos
    /// and clients say to each other is encrypted, and only who has a certificate of that authority comes in. Empty: everybody who reaches
    /// the ports.
    /// </summary>
    public string TlsFolder { get; set; } = "";

    /// <summary>Whether to listen on every interface without certificates all the same.</summary>
    public bool Insecure { get; set; }

    /// <summary>Takes name and addresses from the pod it runs in.</summary>
    public bool Kubernetes { get; set; }

    /// <summary>Where <see cref="Primary"/> is; null where none is named.</summary>
    public IPEndPoint? PrimaryEndpoint =>
        Primary.LastIndexOf(':') is var colon and > 0
            ? new IPEndPoint(Resolve(Primary[..colon]), int.Parse(Primary[(colon + 1)..], CultureInfo.InvariantCulture))
            : null;

    /// <summary>The advertised address as an IP address.</summary>
    public IPAddress Address { get; private set; } = IPAddress.Loopback;

    /// <exception cref="ValidationException">A value is out of its range or cannot be read; the message is one sentence.</exception>
    public static SiloSettings Read(IConfiguration configuration)
    {
        try
        {
            SettingValues.Require(configuration);
            var settings = configuration.GetSection(SettingValues.Section).Get<SiloSettings>() ?? new SiloSettings();
            Validator.ValidateObject(settings, new ValidationContext(settings), validateAllProperties: true);
            settings.Address = Resolve(settings.AdvertisedAddress);
            return settings.TlsFolder.Length > 0 || settings.Insecure || IPAddress.IsLoopback(settings.Address)
                ? settings
                : throw new ValidationException(
                    $"Silo:AdvertisedAddress is {settings.AdvertisedAddress}, which others reach, but Silo:TlsFolder names no "
                        + "certificates: expected a folder with those that `ff cluster certs` makes, or Silo:Insecure=true inside a "
                        + "network where you trust everybody."
                );
        }
        catch (InvalidOperationException e)
        {
            throw new ValidationException(
                $"The section Silo of the configuration cannot be read: {e.InnerException?.Message ?? e.Message}",
                e
            );
        }
    }

    private static IPAddress Resolve(string address)
    {
        if (IPAddress.TryParse(address, out var given))
        {
            return given;
        }

        try
        {
            return Dns.GetHostAddresses(address, AddressFamily.InterNetwork)[0];
        }
        catch (SocketException e)
        {
            throw new ValidationException(
                $"Silo:AdvertisedAddress is '{address}', which is no address and not the name of a host ({e.Message}).",
                e
            );
        }
    }
}
