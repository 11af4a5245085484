using ForwardForward.Learning.Layers;
using ForwardForward.Learning.Recipes;
using ForwardForward.Learning.Recipes.Messages;
using ForwardForward.Runtime.Pipeline;

namespace ForwardForward.Runtime.Layers;

/// <summary>
/// The ways between the stages that have one layer together: each sends its sums to all others, and takes theirs. Both number them from the
/// generation's first slot on.
/// </summary>
/// <param name="sums">What the others sent: a lane each, in their order.</param>
internal sealed class GrainAllReduce(StageContext context, LayerShard part, Inbox sums) : IAllReduce
{
    private readonly float[][] _parts = new float[part.Count][];
    private readonly Link[] _others =
    [
        .. Others(part)
            .Select(other =>
                context.LinkToLayer(
                    context.Plan.Stages.StagesOf(part.Layer)[other],
                    Lanes(context.Plan.Stages, part.Layer) + (part.Number < other ? part.Number : part.Number - 1)
                )
            ),
    ];
    private long _next;

    /// <summary>What comes from below has a lane for every part of the layer there.</summary>
    public static int Lanes(StageTopology stages, int layer) => layer == 0 ? 1 : stages.StagesOf(layer - 1).Count;

    public void Sum(Span<float> values)
    {
        _parts[part.Number] = values.ToArray();
        var number = _next++;
        foreach (var other in _others)
        {
            other.Send(PartialSums.Copy(number, values).ToEnvelope(), context.Stopping);
        }

        foreach (var (other, envelope) in Others(part).Zip(sums.Take()))
        {
            _parts[other] = PartialSums.From(envelope).Take(values.Length);
        }

        LayerShard.Sum(_parts, values);
    }

    private static IEnumerable<int> Others(LayerShard part) => Enumerable.Range(0, part.Count).Where(other => other != part.Number);
}
