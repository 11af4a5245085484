namespace ForwardForward.Experiments.Data.Folders;

/// <summary>
/// One of the two forms of Krizhevsky's binary files (2009): of each picture its labels, a byte each, then 32 x 32 bytes of red, of green
/// and of blue.
/// </summary>
/// <param name="Name">As it is published.</param>
/// <param name="Folder">That its archive unpacks into.</param>
/// <param name="Train">Files of pictures to learn from, in order.</param>
/// <param name="Test">File of pictures to test with.</param>
/// <param name="Names">File of the classes' names, a line each; it may be missing.</param>
/// <param name="Labels">How many values each of the labels before a picture has; the last is its class.</param>
/// <param name="TrainRecords">Pictures of each published file to learn from.</param>
internal sealed record CifarForm(
    string Name,
    string Folder,
    IReadOnlyList<string> Train,
    string Test,
    string Names,
    IReadOnlyList<int> Labels,
    int TrainRecords
)
{
    public const int Side = 32;
    public const int Channels = 3;
    public const int Pixels = Side * Side;
    private const int TestRecords = 10_000;

    public static CifarForm Cifar10 { get; } =
        new(
            "CIFAR-10",
            "cifar-10-batches-bin",
            [.. Enumerable.Range(1, 5).Select(batch => $"data_batch_{batch}.bin")],
            "test_batch.bin",
            "batches.meta.txt",
            [10],
            10_000
        );

    public static CifarForm Cifar100 { get; } =
        new("CIFAR-100", "cifar-100-binary", ["train.bin"], "test.bin", "fine_label_names.txt", [20, 100], 50_000);

    public IReadOnlyList<string> Files => [.. Train, Test];

    public int Classes => Labels[^1];

    /// <summary>Pictures of a published file.</summary>
    public int Records(string file) => file == Test ? TestRecords : TrainRecords;

    /// <summary>Bytes of a picture with its labels.</summary>
    public int RecordBytes => Labels.Count + (Pixels * Channels);
}
