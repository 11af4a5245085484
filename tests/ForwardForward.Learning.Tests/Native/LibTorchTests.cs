using System.Runtime.InteropServices;
using ForwardForward.Learning.Native;
using ForwardForward.Learning.Tensors;
using TorchSharp;

namespace ForwardForward.Learning.Tests.Native;

public sealed class LibTorchTests
{
    [Fact]
    public void A_product_computes_right()
    {
        LibTorch.EnsureLoaded();
        using var a = torch.tensor(new float[] { 1, 2, 3, 4 }, 2, 2);
        using var b = torch.tensor(new float[] { 5, 6, 7, 8 }, 2, 2);
        using var product = a.mm(b);

        Assert.Equal([19f, 22f, 43f, 50f], product.data<float>().ToArray());
    }

    // OpenMP is asked itself: libtorch's own answer sets the number before it tells it.
    [Fact]
    public void A_product_as_the_first_operation_of_a_thread_keeps_that_thread_alone()
    {
        var openMP = Directory.EnumerateFiles(AppContext.BaseDirectory, "libgomp*.so*", SearchOption.AllDirectories).First();
        var threads = Marshal.GetDelegateForFunctionPointer<OpenMPThreads>(
            NativeLibrary.GetExport(NativeLibrary.Load(openMP), "omp_get_max_threads")
        );
        using Matrix a = new(4, 3, torch.ScalarType.Float32),
            b = new(3, 5, torch.ScalarType.Float32),
            target = new(4, 5, torch.ScalarType.Float32);
        var left = 0;
        var fresh = new Thread(() =>
        {
            Product.Into(target.Tensor, a.Tensor, b.Tensor);
            left = threads();
        });
        fresh.Start();
        fresh.Join();

        Assert.Equal(1, left);
    }

    private delegate int OpenMPThreads();
}
