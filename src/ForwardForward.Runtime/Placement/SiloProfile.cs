using System.Globalization;
using ForwardForward.Learning.Devices;
using ForwardForward.Learning.Exactness;
using ForwardForward.Learning.Layers;
using ForwardForward.Learning.Native;
using ForwardForward.Learning.Plugins;
using ForwardForward.Learning.Specs;
using ForwardForward.Runtime.Checkpoints;

namespace ForwardForward.Runtime.Placement;

/// <summary>What a silo tells the others of itself, as Orleans' silo metadata.</summary>
/// <param name="Version">Of the program.</param>
/// <param name="Device">"cpu" or "cuda".</param>
/// <param name="Memory">Bytes that runs may take: of the machine, or of the container that the silo is in.</param>
/// <param name="Cores">Names the cores it runs on, so that silos that share them are known.</param>
/// <param name="Kernels">Fingerprint of each precision.</param>
/// <param name="Rates">
/// Matrix rate of all its cores together where nothing else is on them, in floating-point operations per second, of each precision.
/// </param>
public sealed record SiloProfile(
    string Version,
    string Device,
    long Memory,
    string Cores,
    IReadOnlyDictionary<Precision, string> Kernels,
    IReadOnlyDictionary<Precision, double> Rates
)
{
    /// <summary>Where it keeps checkpoints; null where that needs no comparison, as in one process.</summary>
    public CheckpointPlace? Checkpoints { get; init; }

    /// <summary>Identities of the plug-ins that it has loaded.</summary>
    public IReadOnlyList<string> Plugins { get; init; } = PluginSet.Identities;

    private const string Prefix = "ff.";
    private const string PluginsKey = Prefix + "plugins";
    private const char BetweenPlugins = '\n';
    private static readonly Precision[] Precisions = [Precision.Fp32, Precision.Bf16];

    /// <summary>Of a silo whose speed does not matter, because it shares its process with all others.</summary>
    public static SiloProfile Unmeasured =>
        new(
            ProgramVersion,
            ComputeDevices.Kind,
            GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
            "",
            new Dictionary<Precision, string>(),
            new Dictionary<Precision, double>()
        );

    /// <summary>As <see cref="Unmeasured"/>, but with the cores that runs can be measured on.</summary>
    public static SiloProfile OfTheseCores => Unmeasured with { Cores = CoreSet.OfThisProcess() };

    private static string ProgramVersion => typeof(SiloProfile).Assembly.GetName().Version!.ToString(3);

    /// <summary>Measures this process's cores on the products of the published network; takes about a second.</summary>
    /// <exception cref="LibTorchUnavailableException">This machine cannot compute.</exception>
    public static SiloProfile Measure()
    {
        LibTorch.EnsureLoaded();

        // Silos that start together on one machine take turns, or each would measure what the others leave over.
        using var turn = new Mutex(initiallyOwned: false, "forwardforward-matrix-rate");
        turn.WaitOne();
        try
        {
            return OfThisProcess with { Rates = Precisions.ToDictionary(p => p, Rate) };
        }
        finally
        {
            turn.ReleaseMutex();
        }
    }

    /// <param name="rates">Of fp32 and of bf16, in 10^9 operations a second: <c>300,900</c>.</param>
    /// <exception cref="LibTorchUnavailableException">This machine cannot compute.</exception>
    public static SiloProfile Given(string rates)
    {
        LibTorch.EnsureLoaded();
        var given = rates.Split(',').Select(rate => double.Parse(rate, CultureInfo.InvariantCulture) * 1e9);
        return OfThisProcess with { Rates = Precisions.Zip(given).ToDictionary(rate => rate.First, rate => rate.Second) };
    }

    private static SiloProfile OfThisProcess =>
        Unmeasured with
        {
            Cores = CoreSet.OfThisProcess(),
            Kernels = Precisions.ToDictionary(p => p, KernelFingerprint.Of),
        };

    public Dictionary<string, string> ToMetadata()
    {
        var metadata = new Dictionary<string, string>
        {
            [Prefix + "version"] = Version,
            [Prefix + "device"] = Device,
            [Prefix + "memory"] = Memory.ToString(CultureInfo.InvariantCulture),
            [Prefix + "cores"] = Cores,
        };
        Checkpoints?.AddTo(metadata);
        if (Plugins.Count > 0)
        {
            metadata[PluginsKey] = string.Join(BetweenPlugins, Plugins);
        }

        foreach (var precision in Kernels.Keys)
        {
            metadata[KernelKey(precision)] = Kernels[precision];
            metadata[RateKey(precision)] = Rates[precision].ToString("R", CultureInfo.InvariantCulture);
        }

        return metadata;
    }

    /// <returns>Null where the silo has not told anything yet.</returns>
    public static SiloProfile? FromMetadata(IReadOnlyDictionary<string, string> metadata)
    {
        if (!metadata.TryGetValue(Prefix + "version", out var version))
        {
            return null;
        }

        var told = Precisions.Where(p => metadata.ContainsKey(KernelKey(p))).ToList();
        return new SiloProfile(
            version,
            metadata[Prefix + "device"],
            long.Parse(metadata[Prefix + "memory"], CultureInfo.InvariantCulture),
            metadata[Prefix + "cores"],
            told.ToDictionary(p => p, p => metadata[KernelKey(p)]),
            told.ToDictionary(p => p, p => double.Parse(metadata[RateKey(p)], CultureInfo.InvariantCulture))
        )
        {
            Checkpoints = CheckpointPlace.FromMetadata(metadata),
            Plugins = metadata.TryGetValue(PluginsKey, out var plugins) ? plugins.Split(BetweenPlugins) : [],
        };
    }

    /// <summary>Why the two cannot work on the same run; null where they can.</summary>
    public string? DiffersFrom(SiloProfile other)
    {
        if (Version != other.Version)
        {
            return $"this is version {Version}, but the cluster runs version {other.Version}";
        }

        var precision = Precisions.FirstOrDefault(
            p => Device == other.Device && Kernels.GetValueOrDefault(p) != other.Kernels.GetValueOrDefault(p),
            Precision.Auto
        );
        return precision == Precision.Auto
            ? null
            : $"its kernels are {Kernels.GetValueOrDefault(precision)}, but the cluster's are {other.Kernels.GetValueOrDefault(precision)}";
    }

    private static double Rate(Precision precision) =>
        MatrixRate.MeasureUndisturbed(new StepProducts([(784, 2000), (2000, 2000)], BatchSize: 100, precision), Environment.ProcessorCount);

    private static string KernelKey(Precision precision) => $"{Prefix}kernels.{precision}";

    private static string RateKey(Precision precision) => $"{Prefix}rate.{precision}";
}
