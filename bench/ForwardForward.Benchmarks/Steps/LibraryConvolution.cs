using System.Runtime.InteropServices;
using ForwardForward.Learning.Convolutions;
using ForwardForward.Learning.Exactness;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tensors;
using static TorchSharp.torch;

namespace ForwardForward.Benchmarks.Steps;

/// <summary>
/// The same convolution by libtorch's own <c>conv2d</c>, channels side by side, and the gradient by its kernels: what the products of a
/// step are held against. In some shapes it is silently wrong on some processors; there it is not timed.
/// </summary>
internal sealed class LibraryConvolution : IDisposable
{
    private const int Most = 3; // magnitude of a number
    private const double Tolerance = 1e-3; // of the largest: where it is wrong, it is by a third of that
    private readonly ConvolutionShape _shape;
    private readonly int _pictures;
    private readonly Matrix _kernels; // (U, K)
    private readonly Activations _input;
    private readonly Tensor _weights;
    private readonly Tensor _seen;
    private readonly Tensor _slopes;

    /// <param name="pictures">Of a batch.</param>
    public LibraryConvolution(ConvolutionShape shape, int pictures)
    {
        (_shape, _pictures) = (shape, pictures);
        var random = new KeyedRandom(1, RandomPurpose.Weights, 0, 0);
        _kernels = new Matrix(shape.Channels, shape.Inputs, ScalarType.Float32);
        Fill(_kernels.RowSpan<float>(0, shape.Channels), ref random);
        _input = Activations.Rent(pictures, shape.In.Size, Precision.Fp32);
        Fill(MemoryMarshal.Cast<byte, float>(_input.Bytes), ref random);
        var slopes = new float[pictures * shape.Convolved.Size];
        Fill(slopes, ref random);
        _weights = ChannelsFirst(_kernels.RowSpan<float>(0, shape.Channels).ToArray(), shape.Channels, KernelOf(shape));
        _seen = ChannelsFirst(MemoryMarshal.Cast<byte, float>(_input.Bytes).ToArray(), pictures, shape.In);
        _slopes = ChannelsFirst(slopes, pictures, shape.Convolved);
        _weights.requires_grad = true;
    }

    /// <summary>
    /// Whether both of its results are those of products over unfolded columns, for small whole numbers in this very shape.
    /// </summary>
    public bool IsRight()
    {
        using var scope = NewDisposeScope();
        using var unfolded = new UnfoldedConvolution(_shape, _kernels, _pictures, _pictures);
        float[] made = new float[_pictures * _shape.Convolved.Size],
            slopes = Numbers(_slopes);
        for (var lane = 0; lane < unfolded.Lanes; lane++)
        {
            unfolded.Load(lane, _input);
            unfolded.Forward(lane, _pictures, (n, places) => places.CopyTo(made.AsSpan(n * places.Length)));
            unfolded.Gradient(lane, _pictures, (n, places) => slopes.AsSpan(n * places.Length, places.Length).CopyTo(places));
        }

        var (theirs, gradient) = Step();
        return Agree(made, Numbers(theirs)) && Agree(unfolded.Sum(.., _pictures), Numbers(gradient));
    }

    /// <summary>What the convolution makes, and the gradient.</summary>
    public (Tensor Made, Tensor Gradient) Step()
    {
        _weights.grad?.zero_();
        var made = Convolve(_seen, _weights, null);
        made.backward([_slopes]);
        return (made.detach(), _weights.grad!);
    }

    /// <summary>The same convolution of other tensors.</summary>
    public Tensor Convolve(Tensor seen, Tensor weights, Tensor? bias)
    {
        var (stride, padding) = (_shape.Spec.Stride, _shape.Padding);
        return nn.functional.conv2d(seen, weights, bias, [stride, stride], [padding, padding], groups: _shape.Spec.Groups);
    }

    /// <summary>Pictures whose channels lie side by side, as libtorch names their dimensions: N x C x H x W.</summary>
    public static Tensor ChannelsFirst(float[] values, int count, PictureShape shape)
    {
        using var stored = tensor(values, [count, shape.Height, shape.Width, shape.Channels]);
        return stored.permute(0, 3, 1, 2).DetachFromDisposeScope();
    }

    /// <summary>A kernel as a picture.</summary>
    public static PictureShape KernelOf(ConvolutionShape shape) => new(shape.Spec.Kernel, shape.Spec.Kernel, shape.InOfGroup);

    public void Dispose()
    {
        foreach (var tensor in new[] { _weights, _seen, _slopes })
        {
            tensor.Dispose();
        }

        _kernels.Dispose();
        _input.Dispose();
    }

    private static float[] Numbers(Tensor tensor) => [.. tensor.detach().permute(0, 2, 3, 1).contiguous().data<float>()];

    private static bool Agree(ReadOnlySpan<float> ours, float[] theirs)
    {
        double largest = 0,
            off = 0;
        for (var i = 0; i < theirs.Length; i++)
        {
            largest = Math.Max(largest, Math.Abs(ours[i]));
            off = Math.Max(off, Math.Abs((double)ours[i] - theirs[i]));
        }

        return off <= Tolerance * largest;
    }

    private static void Fill(Span<float> values, ref KeyedRandom random)
    {
        foreach (ref var value in values)
        {
            value = random.NextInt32((2 * Most) + 1) - Most;
        }
    }
}
