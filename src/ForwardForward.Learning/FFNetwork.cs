using System.Globalization;
using ForwardForward.Learning;
using ForwardForward.Learning.Checkpoints;
using ForwardForward.Learning.Data;
using ForwardForward.Learning.Exactness;
using ForwardForward.Learning.Native;
using ForwardForward.Learning.Networks;
using ForwardForward.Learning.Predictions;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tensors;

namespace ForwardForward;

/// <summary>
/// A network of layers that each learn from their own goodness (Hinton 2022, "The Forward-Forward Algorithm"), with a softmax that reads
/// them. Rows are C or more numbers from 0 to 1, C the number of classes: the label takes the place of a row's first C values.
/// </summary>
/// <remarks>
/// Thread-safe. While a fit is under way it answers as it was after the last epoch. The same rows, options and seed make the same bytes on
/// the same machine, on any number of threads. libtorch is loaded by the first network and then computes on one thread in the whole
/// process, since the threads are the network's own.
/// </remarks>
public sealed partial class FFNetwork : IDisposable
{
    private readonly Lock _lock = new();
    private readonly int _threads;
    private ExperimentSpec _spec;
    private IReadOnlyList<IReadOnlyList<StateTensor>>? _state;
    private TrainedNetwork? _answers; // with _state, once somebody has asked
    private bool _isFitting;
    private bool _isDisposed;

    private FFNetwork(int features, int classes, ExperimentSpec spec, int threads)
    {
        Features = features;
        Classes = classes;
        _spec = spec;
        _threads = threads;
    }

    /// <summary>Values of a row.</summary>
    public int Features { get; }

    /// <summary>How many classes; they are numbered from 0.</summary>
    public int Classes { get; }

    /// <summary>Units of each layer, from the bottom up.</summary>
    public IReadOnlyList<int> Layers => _spec.Layers;

    /// <summary>Of the matrix products: <c>fp32</c> or <c>bf16</c>; <c>auto</c> until the first fit has found out which.</summary>
    public string Precision => _spec.Precision.ToString().ToLowerInvariant();

    /// <summary>
    /// SHA-256 of the weights and the optimizer's state that the last whole fit ended in, in hexadecimal; a file keeps it. Null before. `ff
    /// train --reference` prints the same for the same spec and data.
    /// </summary>
    public string? StateHash { get; private set; }

    /// <param name="features">Values of a row, at least as many as classes.</param>
    /// <param name="classes">2 to 255.</param>
    /// <param name="layers">Units of each layer, from the bottom up.</param>
    /// <param name="configure">Changes the options from their defaults.</param>
    /// <exception cref="InvalidInputException">A number is out of range, or nothing has the name that an option gives.</exception>
    /// <exception cref="LibTorchUnavailableException">The program has no libtorch: add the package TorchSharp-cpu to it.</exception>
    public static FFNetwork Create(int features, int classes, IReadOnlyList<int> layers, Action<FFNetworkOptions>? configure = null)
    {
        var options = new FFNetworkOptions();
        configure?.Invoke(options);
        return Create(features, classes, options.ToSpec(layers), options.Threads);
    }

    internal static FFNetwork Create(int features, int classes, ExperimentSpec spec, int threads)
    {
        if (classes is < 2 or > DataSet.MaxClasses || features < classes)
        {
            throw new InvalidInputException(
                $"A network of {features} features and {classes} classes cannot be made, "
                    + $"expected 2 to {DataSet.MaxClasses} classes and as many features or more."
            );
        }

        LibTorch.EnsureLoaded();
        return new FFNetwork(features, classes, spec, threads);
    }

    /// <summary>A network from a file that <see cref="Save"/> or `ff export` wrote.</summary>
    /// <param name="path">Of the file.</param>
    /// <param name="threads">Threads that share each step; 0: one per core.</param>
    /// <exception cref="InvalidInputException">The file cannot be read, or is of no such network.</exception>
    /// <exception cref="LibTorchUnavailableException">The program has no libtorch: add the package TorchSharp-cpu to it.</exception>
    public static FFNetwork Load(string path, int threads = 0)
    {
        LibTorch.EnsureLoaded();
        var file = NetworkFile.Read(path);
        var spec = NetworkFile.Spec(path, file);
        var (features, classes) = NetworkFile.Ends(path, file, spec);
        return new FFNetwork(features, classes, spec, threads > 0 ? threads : Environment.ProcessorCount)
        {
            _state = FreshState.FromFile(spec with { Start = new StartSpec { Weights = path } }, features, classes),
            StateHash = file.Metadata.GetValueOrDefault(NetworkFile.StateHashKey),
        };
    }

    /// <summary>The class of a row, by one pass and the readout.</summary>
    /// <param name="features">As many values as the network takes, each from 0 to 1.</param>
    /// <exception cref="InvalidInputException">It has another number of values, or one that is out of range.</exception>
    /// <exception cref="InvalidOperationException">The network has learned nothing yet.</exception>
    public int Predict(ReadOnlySpan<float> features) => Largest(Classify(features));

    /// <summary>The class of a grey image.</summary>
    /// <param name="pixels">As many as the network takes, 0 (black) to 255.</param>
    /// <inheritdoc cref="Predict(ReadOnlySpan{float})"/>
    public int Predict(ReadOnlySpan<byte> pixels) => Largest(Classify(pixels));

    /// <summary>Class probabilities of a row; they add up to 1.</summary>
    /// <inheritdoc cref="Predict(ReadOnlySpan{float})"/>
    public float[] Classify(ReadOnlySpan<float> features)
    {
        LabelledRows.RequireValues(features, features.Length);
        return Classify(new LabelledImages(1, 1, features.Length, [], [0]) { Values = features.ToArray() });
    }

    /// <summary>Class probabilities of a grey image; they add up to 1.</summary>
    /// <inheritdoc cref="Predict(ReadOnlySpan{byte})"/>
    public float[] Classify(ReadOnlySpan<byte> pixels) => Classify(new LabelledImages(1, 1, pixels.Length, pixels.ToArray(), [0]));

    /// <summary>Class probabilities of many rows, faster than one by one.</summary>
    /// <param name="rows">Their labels are not looked at.</param>
    /// <returns>Those of a row after those of the one before, count x <see cref="Classes"/>.</returns>
    /// <inheritdoc cref="Predict(ReadOnlySpan{float})"/>
    public float[] Classify(LabelledRows rows) => Classify(rows.Images);

    /// <summary>Share of the rows that <see cref="Predict(ReadOnlySpan{float})"/> answers wrongly.</summary>
    /// <inheritdoc cref="Predict(ReadOnlySpan{float})"/>
    public double Evaluate(LabelledRows test)
    {
        Require(test, "The test rows");
        var probabilities = Classify(test.Images);
        var wrong = Enumerable
            .Range(0, test.Count)
            .Count(row => Largest(probabilities.AsSpan(row * Classes, Classes)) != test.Images.Labels[row]);
        return (double)wrong / test.Count;
    }

    /// <summary>
    /// Writes weights, and what is needed to use them again, as a safetensors file; docs/weights.md says what is in it. A file that is
    /// there is replaced.
    /// </summary>
    /// <exception cref="InvalidInputException">The file cannot be written.</exception>
    /// <exception cref="InvalidOperationException">The network has learned nothing yet.</exception>
    public void Save(string path)
    {
        lock (_lock)
        {
            var metadata = NetworkFile.Metadata(_spec);
            metadata["fingerprint"] = KernelFingerprint.Of(_spec.Precision);
            metadata[NetworkFile.ClassesKey] = Classes.ToString(CultureInfo.InvariantCulture);
            if (StateHash is { } hash)
            {
                metadata[NetworkFile.StateHashKey] = hash;
            }

            WholeFile.Replace(path, Safetensors.Write(NetworkFile.Tensors(_spec, State()), metadata));
        }
    }

    /// <summary>Frees the network's memory; a fit that is under way ends after its epoch.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
            _answers?.Dispose();
            (_answers, _state) = (null, null);
        }
    }

    private float[] Classify(LabelledImages images)
    {
        lock (_lock)
        {
            _answers ??= new TrainedNetwork(_spec, State(), new WorkerPool(_threads));
            return _answers.Predict(images);
        }
    }

    private IReadOnlyList<IReadOnlyList<StateTensor>> State()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return _state ?? throw new InvalidOperationException("The network has learned nothing yet: it answers after an epoch of FitAsync.");
    }

    // The first of equals.
    private static int Largest(ReadOnlySpan<float> probabilities)
    {
        var best = 0;
        for (var c = 1; c < probabilities.Length; c++)
        {
            best = probabilities[c] > probabilities[best] ? c : best;
        }

        return best;
    }
}
