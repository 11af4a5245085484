using TorchSharp;

namespace ForwardForward.Learning.Tensors;

/// <summary>Every matrix product of Forward-Forward: on the calling thread alone, without allocation.</summary>
/// <remarks>
/// OpenMP keeps its number of threads per calling thread, and libtorch hands its own setting on only where some other operation comes
/// first; a product on a fresh thread would take all cores and sum in another order.
/// </remarks>
internal static class Product
{
    [ThreadStatic]
    private static bool _isSingleThreaded;

    /// <summary>target = kept * target + scale * left * right; with kept 0 what was in the target does not matter.</summary>
    public static void Into(torch.Tensor target, torch.Tensor left, torch.Tensor right, float kept = 0, float scale = 1)
    {
        HoldToOneThread();
        target.addmm_(left, right, kept, scale);
    }

    /// <summary>Whatever the calling thread asks of libtorch from here on, it does alone.</summary>
    public static void HoldToOneThread()
    {
        if (!_isSingleThreaded)
        {
            torch.set_num_threads(1);
            _isSingleThreaded = true;
        }
    }
}
