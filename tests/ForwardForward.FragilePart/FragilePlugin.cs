using ForwardForward.Learning;
using ForwardForward.Learning.Goodnesses;
using ForwardForward.Learning.Plugins;

namespace ForwardForward.FragilePart;

/// <summary>
/// A plug-in whose goodness throws in the middle of a run, as somebody else's code may. Where the process is a silo with a name, only
/// silo-2 has the mishap.
/// </summary>
public sealed class FragilePlugin : IPlugin
{
    private const int SoundCalls = 1000;

    public void Register() => Seams.Goodness.Add("fragile", (_, _) => new Fragile());

    private sealed class Fragile : ISquaresGoodness
    {
        private static readonly bool Throws = Environment.GetEnvironmentVariable("FF_NAME") is null or "silo-2";
        private int _calls;

        public float Of(float sumOfSquares) => sumOfSquares;

        public float Pull(float goodness, float paired, bool positive) =>
            Throws && Interlocked.Increment(ref _calls) > SoundCalls ? throw new InvalidOperationException("it was made to")
            : positive ? 0.001f
            : -0.001f;

        public double Loss(float goodness, float paired, bool positive) => positive ? -goodness : goodness;
    }
}
