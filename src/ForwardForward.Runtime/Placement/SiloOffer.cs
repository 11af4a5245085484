namespace ForwardForward.Runtime.Placement;

public sealed record SiloOffer(string Device, double Rate);
