using ForwardForward.Learning.Tensors;
using static TorchSharp.torch;

namespace ForwardForward.Learning.Devices;

/// <summary>
/// An fp32 tensor of a layer's state on a device, and the host's copy of it, which is as old as the last call of <see cref="Download"/>.
/// </summary>
internal sealed class DeviceTensor(string name, Device device, int rows, int columns) : IDisposable
{
    public string Name => name;

    public Tensor OnDevice { get; } = zeros(rows, columns, dtype: ScalarType.Float32, device: device).DetachFromDisposeScope();

    public Matrix Host { get; } = new(rows, columns, ScalarType.Float32);

    public Matrix Download()
    {
        Host.Tensor.copy_(OnDevice);
        return Host;
    }

    public void Upload() => OnDevice.copy_(Host.Tensor);

    public void Dispose()
    {
        OnDevice.Dispose();
        Host.Dispose();
    }
}
