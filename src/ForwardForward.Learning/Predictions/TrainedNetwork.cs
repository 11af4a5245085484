using ForwardForward.Learning.Data;
using ForwardForward.Learning.Layers;
using ForwardForward.Learning.Readouts;
using ForwardForward.Learning.Recipes;
using ForwardForward.Learning.Recipes.TopDown;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tensors;

namespace ForwardForward.Learning.Predictions;

/// <summary>A network as a checkpoint of its run has it. It answers, and learns nothing more.</summary>
internal sealed partial class TrainedNetwork : IDisposable
{
    private readonly ExperimentSpec _spec;
    private readonly IRecipe _recipe;
    private readonly WorkerPool? _threads;
    private readonly int _rowsPerPass;
    private readonly InProcessLayer[] _layers;
    private readonly IClassifier _readout;

    /// <param name="spec">Of its run, with its precision resolved.</param>
    /// <param name="stages">State of every layer from the bottom up, then the readout's, as a checkpoint keeps them.</param>
    /// <param name="threads">Threads that share each layer; their number changes no bit. Disposed with this.</param>
    /// <exception cref="InvalidInputException">It is the state of another network.</exception>
    public TrainedNetwork(ExperimentSpec spec, IReadOnlyList<IReadOnlyList<StateTensor>> stages, WorkerPool? threads = null)
    {
        _recipe = Recipe.Of(spec);
        if (stages.Count != _recipe.Network.Stages.Parts.Count + 1)
        {
            throw new InvalidInputException(
                $"The checkpoint has {stages.Count} stages, expected {_recipe.Network.Stages.Parts.Count} layers and the "
                    + "readout: it is of another network."
            );
        }

        (_spec, _threads) = (spec, threads);
        (Pixels, Classes) = _recipe.Network.Ends(stages);
        var plan = new SlotPlan(spec, spec.BatchSize, testImages: 1, Classes);
        _rowsPerPass = plan.MaxRows;
        _layers = InProcessLayer.All(Pixels, plan, threads);
        _readout = _recipe.Network.Classifier(Pixels, Classes, plan.MaxRows);
        foreach (var (stage, state) in _layers.SelectMany(layer => layer.Stages).Zip(stages))
        {
            stage.Restore(state);
        }

        StateTensor.Restore(_readout.State, stages[^1]);
    }

    /// <summary>Of the images that it takes.</summary>
    public int Pixels { get; }

    public int Classes { get; }

    /// <summary>
    /// What images show: by the joint test where the network has learned from pictures with labels in them, else by the fast one.
    /// </summary>
    /// <param name="images">Of as many pixels each as the network takes; their labels are not looked at.</param>
    /// <exception cref="InvalidInputException">The images are of another size.</exception>
    public NetworkAnswer Answer(LabelledImages images)
    {
        var probabilities = Predict(images);
        if (!_recipe.HasLabels)
        {
            return new NetworkAnswer(probabilities, PredictionTest.Fast);
        }

        var goodness = Goodness(images);
        for (var first = 0; first < probabilities.Length; first += Classes)
        {
            JointTest.Join(probabilities.AsSpan(first, Classes), goodness.AsSpan(first, Classes));
        }

        return new NetworkAnswer(probabilities, PredictionTest.Joint);
    }

    /// <summary>One pass of the images with the neutral label, as the fast test makes it (Hinton 2022, section 3.3).</summary>
    /// <param name="images">Of as many pixels each as the network takes; their labels are not looked at.</param>
    /// <returns>Class probabilities, row-major images x classes.</returns>
    /// <exception cref="InvalidInputException">The images are of another size.</exception>
    public float[] Predict(LabelledImages images)
    {
        Require(images);
        var pictures = new PictureRows(images, Classes, _spec, _recipe.HasLabels);
        var probabilities = new float[images.Count * Classes];
        for (var first = 0; first < images.Count; first += _rowsPerPass)
        {
            var count = Math.Min(_rowsPerPass, images.Count - first);
            Rise(Rows(pictures, first, count), new RowLayout(0, 0, count, 0));
            _readout.Classify(count).CopyTo(probabilities.AsSpan(first * Classes));
        }

        return probabilities;
    }

    /// <summary>
    /// Goodness of the images with every label in turn, summed over the layers that count, as the goodness test has it (Hinton 2022,
    /// section 3.3).
    /// </summary>
    /// <param name="images">Of as many pixels each as the network takes; their labels are not looked at.</param>
    /// <returns>Row-major images x classes.</returns>
    /// <exception cref="InvalidInputException">
    /// The network was not trained with labels in its pictures, or the images are of another size.
    /// </exception>
    public float[] Goodness(LabelledImages images)
    {
        Require(images);
        var pictures = new PictureRows(images, Classes, _spec, _recipe.HasLabels);
        if (!pictures.HasLabels)
        {
            throw new InvalidInputException("The network has not learned from pictures with labels in them: no label has a goodness.");
        }

        var goodness = new float[images.Count * Classes];
        var most = _rowsPerPass / Classes;
        for (var first = 0; first < images.Count; first += most)
        {
            var count = Math.Min(most, images.Count - first);
            Rise(LabelledRows(pictures, first, count), new RowLayout(0, 0, 0, count * Classes)).CopyTo(goodness.AsSpan(first * Classes));
        }

        return goodness;
    }

    /// <summary>
    /// What the readout makes of images: after the pass from below, and after every iteration with the signals from above (Hinton 2022,
    /// section 3.4), with that label above the network which it likes best itself, as in the goodness test.
    /// </summary>
    /// <param name="images">Of as many pixels each as the network takes; their labels are not looked at.</param>
    /// <returns>Class probabilities, row-major images x classes, from iteration 0 on.</returns>
    /// <exception cref="InvalidInputException">The network has no signals from above, or the images are of another size.</exception>
    public IReadOnlyList<float[]> Settle(LabelledImages images)
    {
        if (_recipe.Iterations.Count == 0)
        {
            throw new InvalidInputException(
                "topDown.iterations: the network has no signals from above; expected one that was trained with them."
            );
        }

        Require(images);
        var settled = Enumerable.Range(0, _spec.TopDown.Iterations + 1).Select(_ => new float[images.Count * Classes]).ToArray();
        var pictures = new PictureRows(images, Classes, _spec, _recipe.HasLabels);
        var most = _rowsPerPass / Classes;
        for (var first = 0; first < images.Count; first += most)
        {
            Settle(Rows(pictures, first, Math.Min(most, images.Count - first)), settled, first);
        }

        return settled;
    }

    /// <summary>Passes one image, and shows each layer as it is just after.</summary>
    /// <param name="images">Of as many pixels each as the network takes; their labels are not looked at.</param>
    /// <param name="see">Takes the layers from the bottom up.</param>
    /// <exception cref="InvalidInputException">The images are of another size.</exception>
    public void Look(LabelledImages images, int image, Action<ILayer> see)
    {
        Require(images);
        var pictures = new PictureRows(images, Classes, _spec, _recipe.HasLabels);
        Rise(Rows(pictures, image, 1), new RowLayout(0, 0, 1, 0), layer => see(layer.Stages[0].Layer));
    }

    public void Dispose()
    {
        Array.ForEach(_layers, layer => layer.Dispose());
        _readout.Dispose();
        _threads?.Dispose();
    }

    private void Settle(Activations pictures, float[][] settled, int first)
    {
        var (featured, images) = (_recipe.Network.Stages.Featured, pictures.Rows);
        using var settling = new TopDownInference(
            [.. _layers.Select(layer => (IRecurrentLayer)layer.Stages[0].Layer)],
            pictures,
            Classes,
            _spec.TopDown
        );
        var (read, goodness) = (new List<float[]>(), new float[images * Classes]);
        for (var iteration = 0; iteration < settled.Length; iteration++)
        {
            settling.Next(featured);
            for (var i = 0; i < featured.Count; i++)
            {
                _readout.Load(i, settling.States[featured[i]]);
            }

            read.Add(_readout.Classify(settling.Rows).ToArray());
            for (var row = 0; row < goodness.Length && iteration >= _spec.TopDown.TestFirst && iteration <= _spec.TopDown.TestLast; row++)
            {
                goodness[row] += settling.Goodness[row];
            }
        }

        for (var image = 0; image < images; image++)
        {
            var best = Enumerable.Range(image * Classes, Classes).MaxBy(row => goodness[row]);
            for (var iteration = 0; iteration < settled.Length; iteration++)
            {
                read[iteration]
                    .AsSpan((iteration == 0 ? image : best) * Classes, Classes)
                    .CopyTo(settled[iteration].AsSpan((first + image) * Classes));
            }
        }
    }

    private void Require(LabelledImages images)
    {
        if (images.PixelsPerImage != Pixels)
        {
            throw new InvalidInputException(
                $"The images have {images.PixelsPerImage} pixels, expected {Pixels} as the network was trained on."
            );
        }
    }

    private Activations Rows(PictureRows pictures, int first, int count)
    {
        var rows = Activations.Rent(count, Pixels, RowPrecision.Of(_spec));
        for (var i = 0; i < count; i++)
        {
            pictures.Load(first + i);
            pictures.WriteNeutral(rows, i);
        }

        return rows;
    }

    // The labels of an image side by side.
    private Activations LabelledRows(PictureRows pictures, int first, int count)
    {
        var rows = Activations.Rent(count * Classes, Pixels, RowPrecision.Of(_spec));
        for (var row = 0; row < rows.Rows; row++)
        {
            pictures.Load(first + (row / Classes));
            pictures.WriteLabelled(rows, row, row % Classes);
        }

        return rows;
    }

    // Through all layers. The readout has the neutral rows then; goodness of the candidates is what comes back.
    private float[] Rise(Activations rows, RowLayout layout, Action<InProcessLayer>? see = null)
    {
        var slot = new Slot
        {
            Index = 0,
            Kind = SlotKind.Evaluate,
            Epoch = 0,
            Layout = layout,
            Rows = rows,
            Labels = new byte[layout.Neutral + (layout.Candidates / Classes)],
        };
        var feature = 0;
        foreach (var layer in _layers)
        {
            var passed = layer.Pass(slot);
            see?.Invoke(layer);
            if (passed.ToReadout is { } read)
            {
                if (layout.Neutral > 0)
                {
                    _readout.Load(feature++, read.Rows!);
                }

                read.Release();
            }

            slot.Rows!.Dispose();
            slot = passed.Up;
        }

        slot.Rows!.Dispose();
        return slot.CandidateGoodness;
    }
}
