using System.Globalization;
using ForwardForward.Contracts;
using ForwardForward.Learning.Devices;
using ForwardForward.Learning.Exactness;
using ForwardForward.Learning.Layers;
using ForwardForward.Learning.Native;
using ForwardForward.Learning.Plugins;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tensors;
using ForwardForward.Runtime.Checkpoints;

namespace ForwardForward.Runtime.Placement;

/// <summary>What a silo tells the others of itself, as Orleans' silo metadata.</summary>
/// <param name="Version">Of the program.</param>
/// <param name="Device">"cpu" or "cuda".</param>
/// <param name="Memory">Bytes that runs may take: of the machine, or of the container that the silo is in.</param>
/// <param name="Cores">Names the cores it runs on, so that silos that share them are known.</param>
/// <param name="Kernels">Fingerprint of each precision that it computes in; empty where it tells none.</param>
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
    /// <summary>Of what it says and keeps of runs; 0: of a version that has runs with silos of its own version alone.</summary>
    public int Contract { get; init; } = ContractVersion.Current;

    /// <summary>Where it keeps checkpoints; null where that needs no comparison, as in one process.</summary>
    public CheckpointPlace? Checkpoints { get; init; }

    /// <summary>Identities of the plug-ins that it has loaded.</summary>
    public IReadOnlyList<string> Plugins { get; init; } = PluginSet.Identities;

    /// <summary>Whether it works beside silos with other kernels, if they do so too.</summary>
    public bool IsMixed { get; init; }

    private const string Prefix = "ff.";
    private const string ContractKey = Prefix + "contract";
    private const string MixedKey = Prefix + "mixed";
    private const string PluginsKey = Prefix + "plugins";
    private const char BetweenPlugins = '\n';
    private static readonly Precision[] Precisions = [Precision.Fp32, Precision.Bf16, Precision.Portable];
    private static readonly Precision[] Measured = [Precision.Fp32, Precision.Bf16]; // whose floats hold portable ones

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
            return OfThisProcess with { Rates = Rated([.. Measured.Select(Rate)]) };
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
        return OfThisProcess with { Rates = Rated([.. given]) };
    }

    private static SiloProfile OfThisProcess =>
        Unmeasured with
        {
            Cores = CoreSet.OfThisProcess(),
            Kernels = KernelsOf(KernelFingerprint.Of),
        };

    /// <summary>The fingerprints of all precisions that this machine computes in: one that is not exact here is left out.</summary>
    /// <param name="fingerprint">Of a precision.</param>
    internal static IReadOnlyDictionary<Precision, string> KernelsOf(Func<Precision, string> fingerprint)
    {
        var kernels = new Dictionary<Precision, string>();
        foreach (var precision in Precisions)
        {
            try
            {
                kernels[precision] = fingerprint(precision);
            }
            catch (LibTorchUnavailableException) when (precision == Precision.Portable)
            {
                // Other silos compute such runs.
            }
        }

        return kernels;
    }

    /// <summary>Whether it computes in a precision; of one that tells no kernels, as in one process, that is not known before.</summary>
    public bool Computes(Precision precision) => Kernels.Count == 0 || Kernels.ContainsKey(precision);

    public Dictionary<string, string> ToMetadata()
    {
        var metadata = new Dictionary<string, string>
        {
            [Prefix + "version"] = Version,
            [Prefix + "device"] = Device,
            [Prefix + "memory"] = Memory.ToString(CultureInfo.InvariantCulture),
            [Prefix + "cores"] = Cores,
            [ContractKey] = Contract.ToString(CultureInfo.InvariantCulture),
        };
        Checkpoints?.AddTo(metadata);
        if (IsMixed)
        {
            metadata[MixedKey] = "true";
        }

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
            Contract = metadata.TryGetValue(ContractKey, out var contract) ? int.Parse(contract, CultureInfo.InvariantCulture) : 0,
            Checkpoints = CheckpointPlace.FromMetadata(metadata),
            IsMixed = metadata.ContainsKey(MixedKey),
            Plugins = metadata.TryGetValue(PluginsKey, out var plugins) ? plugins.Split(BetweenPlugins) : [],
        };
    }

    /// <summary>Why the two cannot be of one cluster; null where they can.</summary>
    public string? DiffersFrom(SiloProfile other)
    {
        if (other.Contract == 0)
        {
            return $"this is version {Version}, but the cluster runs version {other.Version}, which takes no silo of another version "
                + "beside it: expected that cluster to be stopped first";
        }

        var precision = Precisions.FirstOrDefault(
            p =>
                Device == other.Device
                && Computes(p)
                && other.Computes(p)
                && Kernels.GetValueOrDefault(p) != other.Kernels.GetValueOrDefault(p),
            Precision.Auto
        );
        return precision == Precision.Auto || (IsMixed && other.IsMixed)
            ? null
            : $"its kernels are {Kernels.GetValueOrDefault(precision)}, but the cluster's are {other.Kernels.GetValueOrDefault(precision)}"
                + Unmixed(other);
    }

    private static Dictionary<Precision, double> Rated(double[] rates)
    {
        var rated = Measured.Zip(rates).ToDictionary(rate => rate.First, rate => rate.Second);
        rated[Precision.Portable] = rated[Precision.Portable.Multiplied()];
        return rated;
    }

    // Said only where somebody wants it: most clusters are to have one kind.
    private string Unmixed(SiloProfile other) =>
        (IsMixed, other.IsMixed) switch
        {
            (true, false) => ", and it is not mixed: expected FF_MIXED=true on all of its silos",
            (false, true) => ", and it is mixed while this silo is not: expected FF_MIXED=true",
            _ => "",
        };

    private static double Rate(Precision precision) =>
        MatrixRate.MeasureUndisturbed(new StepProducts([(784, 2000), (2000, 2000)], BatchSize: 100, precision), Environment.ProcessorCount);

    private static string KernelKey(Precision precision) => $"{Prefix}kernels.{precision}";

    private static string RateKey(Precision precision) => $"{Prefix}rate.{precision}";
}
