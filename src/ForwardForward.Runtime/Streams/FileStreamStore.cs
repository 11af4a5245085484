using ForwardForward.Contracts.Experiments;
using ForwardForward.Contracts.Streams;

namespace ForwardForward.Runtime.Streams;

/// <summary>A journal in a file of this machine, which outlives the process.</summary>
internal sealed class FileStreamStore(IStreamFile file) : IStreamStore
{
    public Task<StreamHead> Open() =>
        Task.Run(() =>
        {
            var (count, hasEnded) = file.Open();
            return new StreamHead { Count = count, HasEnded = hasEnded };
        });

    public async Task Append(StreamHead next, long first, byte[] labels, byte[] pixels)
    {
        try
        {
            await Task.Run(() => file.Append(labels, pixels, next.HasEnded));
        }
        catch (IOException e)
        {
            throw new BusyException(e.Message);
        }
    }

    public Task<StreamSlice> Read(StreamHead head, long first, int most) =>
        Task.Run(() =>
        {
            var (labels, pixels) = file.Read(first, (int)Math.Min(most, head.Count - first));
            return new StreamSlice(labels, pixels, null);
        });
}
