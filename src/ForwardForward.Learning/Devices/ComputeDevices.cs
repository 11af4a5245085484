using System.Text.RegularExpressions;
using TorchSharp;

namespace ForwardForward.Learning.Devices;

/// <summary>What this process computes its layers on. Chosen once, before anything is computed; the CPU where nothing is chosen.</summary>
internal static partial class ComputeDevices
{
    public const string Cpu = "cpu";

    /// <summary>Environment variable that names the devices of a program without settings of its own.</summary>
    public const string Variable = "FF_DEVICES";

    private static torch.Device[] chosen = [];

    /// <summary>"cpu" or "cuda".</summary>
    public static string Kind => AreGpus ? "cuda" : Cpu;

    public static bool AreGpus => chosen.Length > 0;

    /// <summary>GPUs that were chosen.</summary>
    public static int Count => chosen.Length;

    /// <summary>GPU of a stage, which take turns; null: the CPU.</summary>
    /// <param name="stage">Position among the stages that layers make, from 0.</param>
    public static torch.Device? Of(int stage) => AreGpus ? chosen[stage % chosen.Length] : null;

    /// <summary>Whether a text names devices, be they there or not.</summary>
    public static bool AreNamed(string devices) => devices == Cpu || Names().IsMatch(devices);

    /// <summary>Chooses what <see cref="Variable"/> names; the CPU where it names nothing.</summary>
    /// <exception cref="InvalidInputException">There is no such device here.</exception>
    public static void UseNamed() => Use(Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } devices ? devices : Cpu);

    /// <param name="devices">"cpu", or GPUs: "cuda:0", "cuda:0,cuda:1".</param>
    /// <exception cref="InvalidInputException">There is no such device here.</exception>
    public static void Use(string devices)
    {
        if (!AreNamed(devices))
        {
            throw new InvalidInputException(
                $"The devices '{devices}' are none that layers can be computed on, expected cpu, cuda:0 or cuda:0,cuda:1."
            );
        }

        chosen = devices == Cpu ? [] : [.. devices.Split(',').Select(Gpu)];
    }

    private static torch.Device Gpu(string name)
    {
        if (!torch.cuda.is_available())
        {
            throw new InvalidInputException(
                $"The device {name} cannot be used: this machine has no NVIDIA GPU with its driver, or libtorch is one for CPUs "
                    + "alone (docs/gpu.md); expected cpu."
            );
        }

        var (index, count) = (
            int.Parse(name.AsSpan(name.IndexOf(':') + 1), System.Globalization.CultureInfo.InvariantCulture),
            torch.cuda.device_count()
        );
        return index < count
            ? new torch.Device(DeviceType.CUDA, index)
            : throw new InvalidInputException(
                $"The device {name} cannot be used: this machine has {count}, expected cuda:0 to cuda:{count - 1}."
            );
    }

    [GeneratedRegex("^cuda:[0-9]{1,2}(,cuda:[0-9]{1,2})*$")]
    private static partial Regex Names();
}
