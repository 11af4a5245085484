using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using System.Security.Cryptography;
using ForwardForward.Learning.Devices;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tensors;
using TorchSharp;

namespace ForwardForward.Learning.Exactness;

/// <summary>
/// Names everything below the algorithm that decides which bits come out: device, instruction set, libtorch, precision, version of our own
/// passes, and a digest of real products, since the libraries choose their code by more than can be listed. Threads are not part of it:
/// they change no bit (<see cref="WorkerPool"/>).
/// </summary>
internal static class KernelFingerprint
{
    /// <summary>Raised whenever a change to a pass over rows or weights changes its bits.</summary>
    private const int PassesVersion = 2;

    /// <summary>Likewise, of what portable precision computes.</summary>
    private const int PortableVersion = 1;

    /// <param name="precision">Resolved.</param>
    /// <returns>For example <c>cpu/AuthenticAMD/avx512-bf16/libtorch-2.10.0/bf16/passes-2/3f2a9c01</c>.</returns>
    /// <exception cref="Native.LibTorchUnavailableException">
    /// Precision is portable, and this machine's products of small integers are not exact.
    /// </exception>
    public static string Of(Precision precision) =>
        precision == Precision.Portable
            ? OfPortable()
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{ComputeDevices.Kind}/{Vendor()}/{InstructionSets.Widest}/libtorch-{LibtorchVersion}/"
                    + $"{precision.ToString().ToLowerInvariant()}/passes-{PassesVersion}/{Probe(precision)}"
            );

    // The same on every machine, if its products are what they have to be.
    private static string OfPortable()
    {
        ExactProducts.Require();
        return $"portable/passes-{PortableVersion}";
    }

    /// <summary>Of a run: that of the kernels (of any, where it is not exact), and of what it alone computes with.</summary>
    /// <param name="kernels">As <see cref="Of(Precision)"/> tells them, here or on a silo.</param>
    public static string OfRun(ExperimentSpec spec, string kernels) =>
        OfPlugins(spec, spec.Exact ? kernels : $"any/{spec.Precision.ToString().ToLowerInvariant()}") + OfPerceptron(spec);

    /// <summary>
    /// Which of a silo's kernels a run's record has for every stage, where its fingerprint does not tell the kind of processor: those of
    /// its precision where it is not exact, and in portable precision those of fp32. Null: none.
    /// </summary>
    public static Precision? Recorded(ExperimentSpec spec) =>
        (spec.Precision, spec.Exact) switch
        {
            (Precision.Portable, _) => Precision.Fp32,
            (_, true) => null,
            _ => spec.Precision,
        };

    private static string OfPlugins(ExperimentSpec spec, string kernels) =>
        spec.Plugins.Length == 0
            ? kernels
            : $"{kernels}/plugins-{Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(spec.Plugins)))[..8]}";

    // The version before computed it by autograd, to other bits.
    private static string OfPerceptron(ExperimentSpec spec) =>
        spec.Backpropagation.Network == NetworkKind.Perceptron ? "/perceptron-2" : "";

    /// <summary>Of a libtorch that is loaded.</summary>
    public static string LibtorchVersion { get; } = string.Join('.', torch.__version__.Split('.').Take(3));

    private static string Vendor()
    {
        if (!X86Base.IsSupported)
        {
            return RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();
        }

        var (_, b, c, d) = X86Base.CpuId(0, 0);
        return System.Text.Encoding.ASCII.GetString(MemoryMarshal.AsBytes<int>([b, d, c]));
    }

    // 300 x 784 by 784 x 1000 and its gradient: the shapes of a first layer.
    private static string Probe(Precision precision)
    {
        const int Rows = 300,
            Inputs = 784,
            Units = 1000;
        var type = precision.ScalarType();
        using Matrix x = Filled(Rows, Inputs, 1, type),
            w = Filled(Units, Inputs, 2, type),
            z = new(Rows, Units, type),
            g = new(Units, Inputs, type);
        using torch.Tensor wT = w.Tensor.t(),
            zT = z.Tensor.t();
        Multiply(z.Tensor, x.Tensor, wT);
        Multiply(g.Tensor, zT, x.Tensor);
        return Convert.ToHexStringLower(
            SHA256.HashData([.. SHA256.HashData(z.RowSpan<byte>(0, Rows)), .. SHA256.HashData(g.RowSpan<byte>(0, Units))])
        )[..8];
    }

    private static void Multiply(torch.Tensor target, torch.Tensor left, torch.Tensor right)
    {
        if (ComputeDevices.Of(0) is { } device)
        {
            using torch.Tensor there = left.to(device),
                other = right.to(device),
                product = there.matmul(other);
            target.copy_(product);
        }
        else
        {
            Product.Into(target, left, right);
        }
    }

    private static Matrix Filled(int rows, int columns, long key, torch.ScalarType type)
    {
        using var values = new Matrix(rows, columns, torch.ScalarType.Float32);
        var random = new KeyedRandom(0, RandomPurpose.Weights, 0, key);
        foreach (ref var value in values.RowSpan<float>(0, rows))
        {
            value = random.NextSingle() - 0.5f;
        }

        var filled = new Matrix(rows, columns, type);
        filled.Tensor.copy_(values.Tensor);
        return filled;
    }
}
