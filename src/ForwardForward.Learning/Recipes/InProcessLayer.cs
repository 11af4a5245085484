using ForwardForward.Learning.Recipes.Networks;
using ForwardForward.Learning.Tensors;

namespace ForwardForward.Learning.Recipes;

/// <summary>A layer in one process with all its stages: one, or one for each of its parts, on a thread each.</summary>
internal sealed class InProcessLayer : IDisposable
{
    private readonly InProcessAllReduce? _meeting;
    private readonly WorkerPool? _perPart;
    private readonly bool _areReplicas;

    private InProcessLayer(INetworkKind network, IReadOnlyList<int> stages, int pixels, SlotPlan plan, WorkerPool? threads)
    {
        _meeting = stages.Count == 1 ? null : new InProcessAllReduce(stages.Count);
        // the parts wait for each other, and may be more than there are cores
        _perPart = _meeting is null ? null : new WorkerPool(stages.Count) { SpinsBeforeSleep = false };
        _areReplicas = plan.Stages.Parts[stages[0]].IsReplica;
        Stages =
        [
            .. stages.Select((stage, part) => network.Stage(stage, pixels, plan, _meeting is null ? threads : null, _meeting?.Seat(part))),
        ];
    }

    /// <summary>In the order of the layer's parts.</summary>
    public IReadOnlyList<LayerSlotHandler> Stages { get; }

    /// <summary>From the bottom up.</summary>
    /// <inheritdoc cref="INetworkKind.Stage"/>
    public static InProcessLayer[] All(int pixels, SlotPlan plan, WorkerPool? threads) =>
        [
            .. Enumerable
                .Range(0, plan.Stages.Layers)
                .Select(layer => new InProcessLayer(plan.Recipe.Network, plan.Stages.StagesOf(layer), pixels, plan, threads)),
        ];

    /// <summary>Whether the readout and the goodness test look at this layer.</summary>
    public bool Counts => Stages[0].Counts;

    /// <inheritdoc cref="LayerSlotHandler.Forward"/>
    public LayerOutput Forward(Slot slot, Activations? above = null) => Joined(All(stage => stage.Forward(slot, above)));

    /// <inheritdoc cref="LayerSlotHandler.Pass"/>
    public LayerOutput Pass(Slot slot) => Joined(All(stage => stage.Pass(slot)));

    private LayerOutput Joined(LayerOutput[] passed) =>
        new LayerOutput(
            Slot.Joined([.. passed.Select(part => part.Up)], _areReplicas),
            Counts ? Slot.Joined([.. passed.Select(part => part.ToReadout!)], _areReplicas) : null,
            passed[0].Down
        );

    /// <inheritdoc cref="LayerSlotHandler.Learn"/>
    public LayerMeasurement? Learn(Slot slot) => All(stage => stage.Learn(slot))[0];

    public void Dispose()
    {
        foreach (var stage in Stages)
        {
            stage.Dispose();
        }

        _perPart?.Dispose();
        _meeting?.Dispose();
    }

    private T[] All<T>(Func<LayerSlotHandler, T> pass)
    {
        if (_meeting is null)
        {
            return [pass(Stages[0])];
        }

        var passed = new T[Stages.Count];
        _perPart!.For(passed.Length, part => passed[part] = Meet(Stages[part], pass));
        return passed;
    }

    private T Meet<T>(LayerSlotHandler stage, Func<LayerSlotHandler, T> pass)
    {
        try
        {
            return pass(stage);
        }
        catch (Exception e)
        {
            _meeting!.Leave(e);
            throw;
        }
    }
}
