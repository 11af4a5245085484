using System.Diagnostics;
using ForwardForward.Learning.Data;
using ForwardForward.Learning.Devices;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tensors;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace ForwardForward.Benchmarks.Steps;

/// <summary>
/// The same recipe the way public PyTorch codes write it: modules, a loss on each layer's detached input, <c>backward</c>, an SGD optimizer
/// for every layer, libtorch's own threads; without peer normalization. What a step of ours is held against; it learns, but not to the same
/// bits.
/// </summary>
internal sealed class AutogradBaseline : IDisposable
{
    private readonly ExperimentSpec _spec;
    private readonly ScalarType _type;
    private readonly Device _device = ComputeDevices.Of(0) ?? CPU;
    private readonly Tensor _images;
    private readonly Tensor _labels;
    private readonly List<(Linear Linear, optim.Optimizer Optimizer)> _layers;
    private readonly (Linear Linear, optim.Optimizer Optimizer) _readout;
    private readonly int _classes;

    private AutogradBaseline(ExperimentSpec spec, DataSet data)
    {
        (_spec, _type, _classes) = (spec, spec.Precision.ScalarType(), data.Classes);
        _images = tensor(data.Train.Pixels)
            .to(ScalarType.Float32)
            .div(255f)
            .reshape(data.Train.Count, -1)
            .to(_device)
            .DetachFromDisposeScope();
        _labels = tensor(data.Train.Labels).to(ScalarType.Int64).to(_device).DetachFromDisposeScope();
        _layers =
        [
            .. spec.Layers.Select(
                (units, i) =>
                    Layer(
                        i == 0 ? data.Train.PixelsPerImage : spec.Layers[i - 1],
                        units,
                        true,
                        spec.Optimizer.LearningRate,
                        spec.Optimizer.WeightDecay
                    )
            ),
        ];
        _readout = Layer(spec.Layers.Skip(1).Sum(), data.Classes, false, spec.Readout.LearningRate, spec.Readout.WeightDecay);
    }

    /// <summary>Seconds for one pass over the training images, on a thread of its own.</summary>
    public static double Seconds(ExperimentSpec spec, DataSet data, int cores)
    {
        var timed = Task.Factory.StartNew(
            () => Timed(spec, data, cores),
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default
        );
        return timed.GetAwaiter().GetResult();
    }

    private static double Timed(ExperimentSpec spec, DataSet data, int cores)
    {
        set_num_threads(cores);
        try
        {
            using var scope = NewDisposeScope();
            using var baseline = new AutogradBaseline(spec, data);
            baseline.Step(0);
            baseline.Finish();
            var watch = Stopwatch.StartNew();
            for (var batch = 0; batch < data.Train.Count / spec.BatchSize; batch++)
            {
                baseline.Step(batch);
            }

            baseline.Finish();
            return watch.Elapsed.TotalSeconds;
        }
        finally
        {
            set_num_threads(1);
        }
    }

    public void Dispose()
    {
        foreach (var (linear, optimizer) in _layers.Append(_readout))
        {
            linear.Dispose();
            optimizer.Dispose();
        }

        _images.Dispose();
        _labels.Dispose();
    }

    private void Finish()
    {
        if (ComputeDevices.AreGpus)
        {
            cuda.synchronize(_device);
        }
    }

    private (Linear Linear, optim.Optimizer Optimizer) Layer(int inputs, int outputs, bool bias, double rate, double decay)
    {
        var linear = nn.Linear(inputs, outputs, hasBias: bias, device: _device);
        return (
            linear,
            optim.SGD(linear.parameters(), rate, _spec.Optimizer.Momentum, dampening: 1 - _spec.Optimizer.Momentum, weight_decay: decay)
        );
    }

    private void Step(int batch)
    {
        using var scope = NewDisposeScope();
        var rows = _images.narrow(0, (long)batch * _spec.BatchSize, _spec.BatchSize);
        var labels = _labels.narrow(0, (long)batch * _spec.BatchSize, _spec.BatchSize);
        var neutral = Labelled(rows, full(_spec.BatchSize, _classes, 1f / _classes, device: _device));
        var wrong = WrongLabels(neutral, labels);
        var positive = Labelled(rows, one_hot(labels, _classes).to(ScalarType.Float32));
        var negative = Labelled(rows, one_hot(wrong, _classes).to(ScalarType.Float32));
        var x = Normalized(cat([positive, negative], 0));
        foreach (var (linear, optimizer) in _layers)
        {
            x = Learn(linear, optimizer, x);
        }
    }

    private Tensor Learn(Linear linear, optim.Optimizer optimizer, Tensor x)
    {
        optimizer.zero_grad();
        var y = Forward(linear, x);
        var logits = y.pow(2).sum(1) - (_spec.Goodness.ThresholdPerUnit * y.shape[1]);
        var loss =
            softplus(cat([-logits.narrow(0, 0, _spec.BatchSize), logits.narrow(0, _spec.BatchSize, _spec.BatchSize)], 0)).sum()
            / _spec.BatchSize;
        loss.backward();
        optimizer.step();
        return Normalized(y.detach());
    }

    private Tensor WrongLabels(Tensor neutral, Tensor labels)
    {
        _readout.Optimizer.zero_grad();
        var x = Normalized(neutral);
        var features = new List<Tensor>();
        using (no_grad())
        {
            foreach (var (linear, _) in _layers)
            {
                features.Add(x = Normalized(Forward(linear, x)));
            }
        }

        var logits = _readout.Linear.forward(cat(features.Skip(1).ToArray(), 1));
        cross_entropy(logits, labels).backward();
        _readout.Optimizer.step();
        var others = (softmax(logits.detach(), 1) + 1e-9f) * (1 - one_hot(labels, _classes).to(ScalarType.Float32));
        return multinomial(others, 1).squeeze(1);
    }

    // In bf16 the operands are cast at every product, as autocast does.
    private Tensor Forward(Linear linear, Tensor x) =>
        _type == ScalarType.Float32
            ? relu(linear.forward(x))
            : relu(nn.functional.linear(x.to(_type), linear.weight!.to(_type), linear.bias!.to(_type)).to(ScalarType.Float32));

    private static Tensor Labelled(Tensor rows, Tensor label) =>
        cat([label, rows.narrow(1, label.shape[1], rows.shape[1] - label.shape[1])], 1);

    private static Tensor Normalized(Tensor rows) => rows / (rows.pow(2).mean([1], keepdim: true).sqrt() + 1e-10f);
}
