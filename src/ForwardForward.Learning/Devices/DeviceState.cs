using ForwardForward.Learning.Layers;
using static TorchSharp.torch;

namespace ForwardForward.Learning.Devices;

/// <summary>On a device.</summary>
internal sealed class DeviceState : LayerState
{
    private Tensor? _states;

    /// <summary>Before normalization, R x U in fp32; the state's from when it is set.</summary>
    public Tensor States
    {
        get => _states ?? throw new InvalidOperationException("There are no states of an iteration before.");
        set
        {
            _states?.Dispose();
            _states = value;
        }
    }

    public override void Dispose()
    {
        _states?.Dispose();
        base.Dispose();
    }
}
