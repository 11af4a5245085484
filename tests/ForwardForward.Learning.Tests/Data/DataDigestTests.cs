using System.IO.Compression;
using ForwardForward.Chaos;
using ForwardForward.Learning.Data;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Learning.Tests.Data;

public sealed class DataDigestTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void It_is_that_of_the_content_and_not_of_its_packing()
    {
        TinyIdx.Write(_folder["plain"]);
        TinyIdx.Write(_folder["packed"]);
        foreach (var file in Directory.GetFiles(_folder["packed"]))
        {
            using (var packed = new GZipStream(File.Create($"{file}.gz"), CompressionLevel.Fastest))
            {
                packed.Write(File.ReadAllBytes(file));
            }

            File.Delete(file);
        }

        Assert.Equal(Open("plain").Sha256, Open("packed").Sha256);
        Assert.Matches("^[0-9a-f]{64}$", Open("plain").Sha256);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void One_byte_in_any_file_makes_another(int file)
    {
        TinyIdx.Write(_folder["data"]);
        var before = Open("data").Sha256;
        var path = Path.Combine(_folder["data"], IdxFolder.Files[file]);
        var bytes = File.ReadAllBytes(path);
        bytes[^1] ^= 1;
        File.WriteAllBytes(path, bytes);

        Assert.NotEqual(before, Open("data").Sha256);
    }

    [Fact]
    public void A_part_keeps_that_of_the_whole()
    {
        TinyIdx.Write(_folder["data"]);
        var whole = Open("data");

        Assert.Equal(Open("data").Sha256, whole.Limited(new ExperimentSpec { TrainImages = 1 }).Sha256);
        Assert.Equal(1, whole.Limited(new ExperimentSpec { TrainImages = 1, DatasetSha256 = whole.Sha256 }).Train.Count);
    }

    [Fact]
    public void A_spec_that_means_other_data_is_refused()
    {
        TinyIdx.Write(_folder["data"]);
        var data = Open("data");

        var refused = Assert.Throws<InvalidInputException>(() => data.Limited(new ExperimentSpec { DatasetSha256 = new string('0', 64) }));

        Assert.Equal(
            $"data holds other data than the run began with: its images and labels have a SHA-256 that starts with {data.Sha256[..12]}, "
                + "expected 000000000000 (datasetSha256 of the spec).",
            refused.Message
        );
    }

    private DataSet Open(string name) => IdxFolder.Read("data", _folder[name]);
}
