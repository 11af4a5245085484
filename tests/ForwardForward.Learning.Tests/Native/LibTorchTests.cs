using ForwardForward.Learning.Native;
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

    [Fact]
    public void Every_thread_gets_one_libtorch_thread()
    {
        var counts = new int[2];
        var fresh = new Thread(() => counts[1] = torch.get_num_threads());
        fresh.Start();
        fresh.Join();
        counts[0] = torch.get_num_threads();

        Assert.Equal([1, 1], counts);
    }
}
