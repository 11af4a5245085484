using System.Runtime.InteropServices;
using ForwardForward.Learning.Layers;
using static TorchSharp.torch;

namespace ForwardForward.Learning.Devices;

/// <summary>What the copies of a layer add up, by way of the host, before all of them learn the same.</summary>
internal sealed partial class DeviceLayer
{
    private LayerStep OfAllReplicas(LayerStep own) => Shape.Replicas == 1 ? own : own.OfAll(_others!, Shape.Replicas);

    private Tensor OfAllReplicas(Tensor sums)
    {
        if (Shape.Replicas == 1)
        {
            return sums;
        }

        var host = sums.to_type(ScalarType.Float32).cpu();
        _others!.Sum(MemoryMarshal.Cast<byte, float>(host.bytes));
        return host.to(_device);
    }
}
