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
        if ((left.size(0) == 1 || right.size(1) == 1) && target.dtype == torch.ScalarType.BFloat16)
        {
            IntoOfVectors(target, left, right, kept, scale);
            return;
        }

        target.addmm_(left, right, kept, scale);
    }

    // libtorch 2.10 takes a vector's numbers one after the other where they lie apart, in bf16 and on some processors: silently wrong.
    private static void IntoOfVectors(torch.Tensor target, torch.Tensor left, torch.Tensor right, float kept, float scale)
    {
        using torch.Tensor dense = target.contiguous(),
            denseLeft = left.contiguous(),
            denseRight = right.contiguous();
        dense.addmm_(denseLeft, denseRight, kept, scale);
        if (!target.is_contiguous())
        {
            target.copy_(dense);
        }
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
