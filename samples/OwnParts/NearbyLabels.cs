using ForwardForward.Learning;
using ForwardForward.Learning.Exactness;
using ForwardForward.Learning.Negatives;
using ForwardForward.Learning.Plugins;

namespace OwnParts;

/// <summary>
/// Own negatives: the wrong label is the class before or after the true one. A spec names them <c>negatives.kind=nearby</c>.
/// </summary>
public sealed class NearbyLabels : IWrongLabels
{
    public bool NeedsProbabilities => false;

    public byte Draw(int trueClass, int classes, ReadOnlySpan<float> probabilities, ref KeyedRandom random)
    {
        var step = random.NextInt32(2) == 0 ? 1 : classes - 1;
        return (byte)((trueClass + step) % classes);
    }
}

/// <summary>Makes them known.</summary>
public sealed class NearbyLabelsPlugin : IPlugin
{
    public void Register() => Seams.Negatives.Add("nearby", _ => new NearbyLabels());
}
