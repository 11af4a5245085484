using ForwardForward.Learning.Native;
using TorchSharp;

namespace ForwardForward.Learning.Tests.Devices;

/// <summary>A test that needs a GPU.</summary>
public sealed class CudaFactAttribute : FactAttribute
{
    public CudaFactAttribute()
    {
        LibTorch.EnsureLoaded();
        if (!torch.cuda.is_available())
        {
            Skip = "There is no NVIDIA GPU here, or libtorch is one for CPUs alone (docs/gpu.md).";
        }
    }
}
