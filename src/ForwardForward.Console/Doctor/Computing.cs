using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;
using ForwardForward.Learning.Exactness;
using ForwardForward.Learning.Native;
using TorchSharp;

namespace ForwardForward.Console.Doctor;

/// <summary>What layers are computed with.</summary>
internal static partial class Computing
{
    private const string CppLibrary = "libstdc++.so.6";
    private const string NvidiaDriver = "/proc/driver/nvidia/version";

    public static Finding LibTorch()
    {
        try
        {
            Learning.Native.LibTorch.EnsureLoaded();
            var how = Learning.Native.LibTorch.IsRemedied ? $", from a copy that does not ask for {GlibcxxRemedy.Version}" : "";
            return new("libtorch", true, $"{KernelFingerprint.LibtorchVersion} loads{how}", null) { IsNeeded = true };
        }
        catch (LibTorchUnavailableException e)
        {
            return new("libtorch", false, "does not load", $"Every matrix product is computed by it: {e.Message}") { IsNeeded = true };
        }
    }

    /// <summary>The one that is loaded, or would be.</summary>
    public static Finding LibStdCpp()
    {
        const string Check = "libstdc++";
        if (!OperatingSystem.IsLinux())
        {
            return new(Check, true, "not needed on this system", null);
        }

        return NativeLibrary.TryLoad(CppLibrary, out _) && Mapped(CppLibrary) is { } file
            ? new(Check, true, $"{NewestGlibcxx(File.ReadAllBytes(file))} in {file}", null)
            : new(Check, false, "not found", "libtorch is written in C++ and needs it; on Debian: apt-get install libstdc++6.");
    }

    /// <returns>The newest version of itself that a libstdc++ says it has: GLIBCXX_3.4.30.</returns>
    public static string NewestGlibcxx(byte[] library) =>
        Versions()
            .Matches(Encoding.Latin1.GetString(library))
            .Select(match => int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture))
            .DefaultIfEmpty()
            .Max()
            is > 0
                and var newest
            ? string.Create(CultureInfo.InvariantCulture, $"GLIBCXX_3.4.{newest}")
            : "of an unknown version";

    public static Finding InstructionSets() => InstructionSets(Learning.Exactness.InstructionSets.Widest);

    /// <param name="widest">As <see cref="Learning.Exactness.InstructionSets.Widest"/> names it.</param>
    public static Finding InstructionSets(string widest)
    {
        const string Check = "processor",
            NoBf16 = "no bf16, which would be slow: auto means fp32";
        return widest switch
        {
            "avx512-bf16" => new(Check, true, "AVX2, AVX-512, bf16: auto means the faster one", null),
            "avx512" => new(Check, true, $"AVX2 and AVX-512; {NoBf16}", null),
            "avx2" => new(Check, true, $"AVX2, no AVX-512; {NoBf16}", null),
            var other => new(
                Check,
                false,
                $"{other}, no AVX2",
                $"It computes, at a fraction of the speed of one with AVX2 (x86 since 2013); it has {NoBf16}."
            ),
        };
    }

    /// <param name="isLoaded">Whether libtorch is, which knows its GPUs.</param>
    public static Finding Gpu(bool isLoaded)
    {
        const string Check = "GPU";
        if (isLoaded && torch.cuda.is_available())
        {
            return new(Check, true, $"{torch.cuda.device_count()} for CUDA; FF_DEVICES=cuda:0 computes on it", null);
        }

        return File.Exists(NvidiaDriver)
            ? new(
                Check,
                false,
                "there, but this libtorch is for CPUs alone",
                "Layers are computed on the CPU; docs/gpu.md says how to build ff for the GPU."
            )
            : new(
                Check,
                false,
                "none with NVIDIA's driver",
                "Layers are computed on the CPU, which all presets are made for; docs/gpu.md says what a GPU needs."
            );
    }

    private static string? Mapped(string library) =>
        File.ReadLines("/proc/self/maps")
            .Where(line => line.Contains($"/{library}", StringComparison.Ordinal))
            .Select(line => line[line.IndexOf('/', StringComparison.Ordinal)..])
            .FirstOrDefault(File.Exists);

    [GeneratedRegex(@"GLIBCXX_3\.4\.(\d+)\0")]
    private static partial Regex Versions();
}
