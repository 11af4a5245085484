using ForwardForward.Contracts.Streams;
using ForwardForward.Learning;

namespace ForwardForward.Runtime.Experiments;

/// <content>The stream of a run, whose journal is a grain of its own.</content>
internal sealed partial class ExperimentGrain
{
    public Task<StreamReceipt> Feed(StreamPost post)
    {
        Current();
        _coordinator.RequireFeedable(post);
        return GrainFactory.GetGrain<IStreamGrain>(Run).Append(post);
    }

    public Task<StreamSlice> Examples(long first) =>
        Current() is { Spec.Stream: true } status
            ? GrainFactory.GetGrain<IStreamGrain>(Run).Show(Math.Max(0, first), StreamPost.Most(status.Data?.Pixels ?? 1))
            : throw new InvalidInputException($"The run '{Run}' learns from a data set, expected one that learns from a stream.");

    public Task Rests(int generation) => Heard(() => _coordinator.Idles(generation));

    public Task StreamEnded(int generation, long examples) => Heard(() => _coordinator.StreamEnded(generation, examples));
}
