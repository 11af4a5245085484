namespace ForwardForward.Console.Reproduction;

/// <summary>The test that an error is of (Hinton 2022, section 3.3). The same network errs on other images by each.</summary>
internal enum TestKind
{
    /// <summary>Every label in turn: the one with most goodness.</summary>
    Goodness,

    /// <summary>One pass with the neutral label: what the readout says.</summary>
    Fast,
}
