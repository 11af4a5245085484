using System.Runtime.CompilerServices;
using ForwardForward.Learning;
using ForwardForward.Learning.Data;
using ForwardForward.Learning.Networks;
using ForwardForward.Learning.Specs;

namespace ForwardForward;

public sealed partial class FFNetwork
{
    /// <summary>
    /// Learns, epoch by epoch. A network that has learned before begins with the weights that it has; optimizer, running means and the
    /// learning rate's fall begin anew.
    /// </summary>
    /// <param name="train">What it learns from.</param>
    /// <param name="test">What it is tested on after every epoch; null: it is not.</param>
    /// <param name="epochs">Passes over the training rows.</param>
    /// <param name="seed">Of every random draw.</param>
    /// <param name="cancellation">Ends the fit between two batches; the network keeps what it has learned so far.</param>
    /// <returns>What came of each epoch; learning waits for whoever takes them, and ends where nobody takes the next.</returns>
    /// <exception cref="InvalidInputException">Rows do not fit the network, or a number is out of range.</exception>
    /// <exception cref="InvalidOperationException">Another fit is under way.</exception>
    /// <exception cref="DivergedException">Numbers are none any more; the network is as it was after the epoch before.</exception>
    /// <exception cref="OperationCanceledException">By <paramref name="cancellation"/>.</exception>
    public IAsyncEnumerable<FFEpoch> FitAsync(
        LabelledRows train,
        LabelledRows? test = null,
        int epochs = 10,
        int seed = 1,
        CancellationToken cancellation = default
    )
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        Require(train, "The training rows");
        if (test is not null)
        {
            Require(test, "The test rows");
        }

        var spec = _spec with { Epochs = epochs, Seed = seed };
        SpecReader.Validate(spec, nameof(FitAsync));
        var none = train.Images with { Count = 0, Pixels = [], Values = train.Images.Values is null ? null : [], Labels = [] };
        return Fit(new DataSet("", train.Images, test?.Images ?? none, Classes), spec, cancellation);
    }

    private async IAsyncEnumerable<FFEpoch> Fit(DataSet data, ExperimentSpec spec, [EnumeratorCancellation] CancellationToken cancellation)
    {
        Begin();
        try
        {
            using var fit = await OnItsOwnThread(() => Fitting.Begin(spec, data, _threads, _state));
            (_spec, StateHash) = (fit.Spec, null);
            while (!fit.IsOver)
            {
                ObjectDisposedException.ThrowIf(_isDisposed, this);
                yield return await OnItsOwnThread(() => Next(fit, cancellation));
            }
        }
        finally
        {
            _isFitting = false;
        }
    }

    private FFEpoch Next(Fitting fit, CancellationToken cancellation)
    {
        try
        {
            var epoch = fit.Next(cancellation);
            Keep(fit);
            StateHash = fit.IsOver ? fit.Hash : null;
            return epoch;
        }
        catch (OperationCanceledException)
        {
            Keep(fit);
            throw;
        }
    }

    private void Begin()
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            _isFitting = !_isFitting ? true : throw new InvalidOperationException("The network learns already: one fit at a time.");
        }
    }

    private void Keep(Fitting fit)
    {
        lock (_lock)
        {
            if (fit.HasBegun && !_isDisposed)
            {
                _answers?.Dispose();
                (_answers, _state) = (null, fit.State());
            }
        }
    }

    private void Require(LabelledRows rows, string what)
    {
        if (rows.Width != Features)
        {
            throw new InvalidInputException($"{what} have {rows.Width} values each, expected {Features} as the network was made for.");
        }

        if (Array.FindIndex(rows.Images.Labels, label => label >= Classes) is var at and >= 0)
        {
            throw new InvalidInputException(
                $"{what} have the label {rows.Images.Labels[at]} at {at}, expected labels from 0 to {Classes - 1}."
            );
        }
    }

    // An epoch would hold one of the pool's threads for long.
    private static Task<T> OnItsOwnThread<T>(Func<T> work) =>
        Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}
