using ForwardForward.Learning;
using ForwardForward.Learning.Goodnesses;
using ForwardForward.Learning.Plugins;

namespace ForwardForward.Runtime.Tests.Parity;

/// <summary>A plug-in whose goodness throws when it is asked for a loss, as somebody else's code may.</summary>
public sealed class FragilePlugin : IPlugin
{
    public void Register() => Seams.Goodness.Add("fragile", (_, _) => new Fragile());

    private sealed class Fragile : ISquaresGoodness
    {
        public float Of(float sumOfSquares) => sumOfSquares;

        public float Pull(float goodness, float paired, bool positive) => positive ? 1 : -1;

        public double Loss(float goodness, float paired, bool positive) => throw new InvalidOperationException("it was made to");
    }
}
