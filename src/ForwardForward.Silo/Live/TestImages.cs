using ForwardForward.Contracts.Experiments;
using ForwardForward.Experiments.Data;
using ForwardForward.Learning;
using ForwardForward.Learning.Data;

namespace ForwardForward.Silo.Live;

/// <summary>The test images of runs, for those who want to ask about them. Those of the run that was asked for last are kept.</summary>
/// <param name="sets">What this process has of data; null: nothing.</param>
internal sealed class TestImages(DataSets? sets) : IDisposable
{
    private const long MostKept = 64 << 20; // bytes
    private readonly SemaphoreSlim _oneAtATime = new(1); // each may be all of a data set
    private (string Key, LabelledImages Images)? _kept;

    /// <exception cref="InvalidInputException">The run's data are not here, or not as they were.</exception>
    public async Task<LabelledImages> Of(RunStatus status, CancellationToken gone)
    {
        var key = $"{status.Run} {status.Data?.Sha256}";
        if (_kept is { } known && known.Key == key)
        {
            return known.Images;
        }

        await _oneAtATime.WaitAsync(gone);
        try
        {
            if (_kept is { } last && last.Key == key)
            {
                return last.Images;
            }

            var images = await Task.Run(() => Read(status), CancellationToken.None);
            _kept = images.Pixels.Length <= MostKept ? (key, images) : null;
            return images;
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    public void Dispose() => _oneAtATime.Dispose();

    private LabelledImages Read(RunStatus status)
    {
        var spec = status.Spec;
        var data = sets?.IsHere(spec.Dataset) == true ? Opened(status, sets) : throw NotHere(status);
        return data.Sha256 != status.Data?.Sha256
                ? throw new InvalidInputException($"The data of the run '{status.Run}' ({spec.Dataset}) are not those that it learns from.")
            : data.Test.Values is not null
                ? throw new InvalidInputException($"The data of the run '{status.Run}' are numbers and no pictures.")
            : data.Test;
    }

    private static DataSet Opened(RunStatus status, DataSets sets)
    {
        try
        {
            return sets.Open(status.Spec);
        }
        catch (InvalidInputException e)
        {
            throw NotHere(status, e);
        }
    }

    private static InvalidInputException NotHere(RunStatus status, InvalidInputException? why = null)
    {
        var because = why is null ? "" : $" ({why.Message.TrimEnd('.')})";
        return new InvalidInputException(
            $"The data of the run '{status.Run}' ({status.Spec.Dataset}) are not here{because}, expected a silo that has them, as that of "
                + "the run's source.",
            why
        );
    }
}
