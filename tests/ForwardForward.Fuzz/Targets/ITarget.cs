namespace ForwardForward.Fuzz.Targets;

/// <summary>A decoder that takes bytes of strangers.</summary>
internal interface ITarget
{
    /// <summary>Real inputs, which it accepts.</summary>
    IReadOnlyList<byte[]> Seeds { get; }

    /// <summary>Takes the input or refuses it as it says that it does. Any other exception is a finding.</summary>
    void Decode(byte[] input);
}
