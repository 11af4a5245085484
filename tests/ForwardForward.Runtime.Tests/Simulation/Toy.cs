using ForwardForward.Contracts.Experiments;
using ForwardForward.Learning.Lessons;
using ForwardForward.Learning.Recipes;
using ForwardForward.Runtime.Sources;

namespace ForwardForward.Runtime.Tests.Simulation;

/// <summary>
/// A network of hashes: whatever a slot carries and whatever a stage is, is 64 bits that depend on everything that came before. One slot
/// lost, doubled, exchanged or made of the wrong probabilities, and the end is another.
/// </summary>
internal static class Toy
{
    public static ulong Mix(ulong a, ulong b)
    {
        var x = (a ^ (b + 0x9E3779B97F4A7C15)) * 0xBF58476D1CE4E5B9;
        x ^= x >> 29;
        x *= 0x94D049BB133111EB;
        return x ^ (x >> 32);
    }

    public static Slot With(this Slot slot, ulong content) => slot with { Labels = BitConverter.GetBytes(content) };

    public static ulong Content(this Slot slot) => BitConverter.ToUInt64(slot.Labels);

    /// <summary>What is measured is told in doubles, which hold 53 bits.</summary>
    public static double Number(ulong content) => content >> 12;
}

/// <summary>Makes slots; one that learns needs what the readout said of its batch.</summary>
internal sealed class ToySource(SlotPlan plan, LessonSchedule lessons)
{
    private readonly Dictionary<long, ulong> _answers = [];

    public void Offer(long batch, ulong answer) => _answers[batch] = answer;

    public bool CanMake(long index) => plan[index].LearnedBatch is var batch && (batch < 0 || _answers.ContainsKey(batch));

    public Slot Make(long index)
    {
        var planned = plan[index];
        var answer = planned.LearnedBatch < 0 ? 0 : _answers[planned.LearnedBatch];
        return new Slot
        {
            Index = index,
            Kind = planned.Kind,
            Epoch = planned.Epoch,
            EndsEvaluation = planned.EndsEvaluation,
            Update = planned.LearnedBatch + 1,
        }.With(Toy.Mix(Toy.Mix((ulong)index, answer), Toy.Mix(Shown(planned.NeutralBatch), Shown(planned.LearnedBatch))));
    }

    // Which pictures that were taught stand where in a batch.
    private ulong Shown(long batch) =>
        Enumerable
            .Range(0, batch < 0 ? 0 : SimulatedWorld.BatchSize)
            .Where(place => lessons.At(batch, place) is not null)
            .Aggregate(0ul, (mixed, place) => Toy.Mix(mixed, Toy.Mix((ulong)place, lessons[lessons.At(batch, place)!.Value].Label)));
}

internal sealed class ToyLayer(int index, SlotPlan plan, ulong state)
{
    public ulong State { get; private set; } = state;

    public Slot Forward(Slot slot) => slot.With(Toy.Mix(State, slot.Content()));

    public LayerMeasurement? Learn(Slot slot)
    {
        if (slot.Update == 0)
        {
            return null;
        }

        State = Toy.Mix(State, slot.Content());
        return slot.Update % plan.ReportEvery == 0
            ? new LayerMeasurement(index + 1, slot.Index, slot.Epoch + 1, Toy.Number(State), 0, 0)
            : null;
    }
}

internal sealed class ToyReadout(SlotPlan plan, ulong state, IEnumerable<(long Batch, ulong Answer)> recent)
{
    private readonly List<(long Batch, ulong Answer)> _recent = [.. recent];
    private ulong _tally;

    public ulong State { get; private set; } = state;

    public IReadOnlyList<(long Batch, ulong Answer)> Pending(long slot) =>
        [.. _recent.Where(answer => answer.Batch > plan[slot].LearnedBatch)];

    /// <returns>What the source is to hear of a batch, and what was evaluated.</returns>
    public (ulong? Answer, Evaluation? Evaluation) Process(IReadOnlyList<Slot> lanes)
    {
        var content = lanes.Aggregate(1ul, (mixed, slot) => Toy.Mix(mixed, slot.Content()));
        var planned = plan[lanes[0].Index];
        if (planned.Kind == SlotKind.Evaluate)
        {
            _tally = Toy.Mix(_tally, Toy.Mix(State, content));
            var evaluation = planned.EndsEvaluation ? new Evaluation(planned.Index, planned.Epoch + 1, Toy.Number(_tally), null) : null;
            _tally = planned.EndsEvaluation ? 0 : _tally;
            return (null, evaluation);
        }

        State = Toy.Mix(State, content);
        if (planned.Kind != SlotKind.Train || planned.NeutralBatch < 0)
        {
            return (null, null);
        }

        var answer = Toy.Mix(State, (ulong)planned.NeutralBatch);
        _recent.Add((planned.NeutralBatch, answer));
        return (answer, null);
    }
}

/// <summary>The undisturbed run: every slot through every stage, one after the other.</summary>
internal sealed record ToyRun(IReadOnlyList<byte[]> Digests, IReadOnlyDictionary<(int Subject, long Slot), double> Measured)
{
    public static ToyRun Of(SimulatedWorld world, IReadOnlyList<Lesson> lessons)
    {
        var (layers, plan) = (world.Layers, world.Plan);
        var (source, readout) = (Source(world, lessons), new ToyReadout(plan, 0, []));
        var stack = Enumerable.Range(0, layers).Select(i => new ToyLayer(i, plan, (ulong)i)).ToList();
        var measured = new Dictionary<(int, long), double>();
        for (long index = 0; index < plan.SlotCount; index++)
        {
            var slot = source.Make(index);
            var lanes = new List<Slot>();
            foreach (var layer in stack)
            {
                var above = layer.Forward(slot);
                lanes.Add(above);
                if (layer.Learn(slot) is { } step)
                {
                    measured[(step.Layer, step.Slot)] = step.GoodnessPositive;
                }

                slot = above;
            }

            var (answer, evaluation) = readout.Process(lanes);
            if (answer is { } known)
            {
                source.Offer(plan[index].NeutralBatch, known);
            }

            if (evaluation is not null)
            {
                measured[(0, evaluation.Slot)] = evaluation.ErrorFast!.Value;
            }
        }

        return new ToyRun([.. stack.Select(layer => layer.State).Append(readout.State).Select(BitConverter.GetBytes)], measured);
    }

    public static ToySource Source(SimulatedWorld world, IReadOnlyList<Lesson> lessons) =>
        new(world.Plan, new SourceLessons(world.Spec, world.Plan.Batches, lessons).Schedule);
}
