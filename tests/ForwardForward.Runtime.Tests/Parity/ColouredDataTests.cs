using ForwardForward.Chaos;
using ForwardForward.Contracts.Experiments;
using ForwardForward.Experiments.Data;
using ForwardForward.Learning;
using ForwardForward.Learning.Data;
using ForwardForward.Learning.Native;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tensors;
using ForwardForward.Learning.Tests.Data;
using ForwardForward.Runtime.Hosting;

namespace ForwardForward.Runtime.Tests.Parity;

/// <summary>Pictures with colours that are not square, which nobody has told the silos of.</summary>
public sealed class ColouredDataTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Silos_find_out_what_the_pictures_are_and_end_in_the_bytes_of_the_reference()
    {
        LibTorch.EnsureLoaded();
        Directory.CreateDirectory(_folder["data"]);
        WritePart("train", 80);
        WritePart("t10k", 20);
        var spec = new ExperimentSpec
        {
            Dataset = _folder["data"],
            Layers = [20, 20],
            Epochs = 2,
            BatchSize = 20,
            Precision = Precision.Fp32,
            Negatives = new NegativesSpec { Kind = NegativesKind.Hybrid },
            Augmentation = new AugmentationSpec
            {
                Shift = 1,
                Flip = 0.5,
                Rotate = 20,
                Zoom = 0.2,
                Crop = 0.5,
                Colour = 0.3,
                Hue = 0.1,
                Grey = 0.2,
            },
        };
        await using var cluster = await EmbeddedCluster.Start(2, _folder["cache"], _folder["checkpoints"]);

        var experiment = cluster.Grains.GetGrain<IExperimentGrain>("coloured");
        await experiment.Start(new RunRequest(spec));
        RunUpdate update;
        for (var seen = 0; !(update = await experiment.Watch(seen)).Status.IsOver; )
        {
            seen += update.Events.Count;
        }

        var status = update.Status;

        var data = new DataSets(_folder["cache"]).Open(spec.Dataset).Limited(spec);
        using var trainer = new SequentialTrainer(DataDescription.Of(data).Fill(spec), data, new WorkerPool(1));
        Assert.Equal((RunState.Done, trainer.Run().Hash), (status.State, status.StateHash));
        Assert.Equal((3, 6, ""), (status.Spec.Images.Channels, status.Spec.Images.Height, status.Spec.Images.ClassNames));
        Assert.Equal((6, 5, 3), (status.Data!.Height, status.Data.Width, status.Data.Channels));
    }

    public void Dispose() => _folder.Dispose();

    private void WritePart(string part, int count)
    {
        var pixels = Enumerable.Range(0, count * 6 * 5 * 3).Select(i => (byte)((i * 31) + (i / 90 % 2 * 100)));
        _folder.Save($"data/{part}-images-idx4-ubyte", TinyIdx.File(0x804, [(uint)count, 6, 5, 3], [.. pixels]));
        _folder.Save(
            $"data/{part}-labels-idx1-ubyte",
            TinyIdx.File(0x801, [(uint)count], [.. Enumerable.Range(0, count).Select(i => (byte)(i % 2))])
        );
    }
}
