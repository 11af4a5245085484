namespace ForwardForward.Learning.Specs;

/// <summary>Number format of the matrix products. Master weights, moments and goodness are always fp32.</summary>
public enum Precision
{
    Auto,
    Fp32,
    Bf16,

    /// <summary>Products of small integers, which are exact: the same bytes on every processor.</summary>
    Portable,
}
