using ForwardForward.Experiments.Data.Pictures;
using ForwardForward.Learning;
using ForwardForward.Learning.Data;

namespace ForwardForward.Experiments.Data.Folders;

/// <summary>
/// Pictures by class: <c>train/CLASS/*.png</c> or <c>.jpg</c>, and <c>test/CLASS/...</c>. Classes and the pictures of a class are in
/// ordinal order of their names, so that the same files are the same data set everywhere; the classes take turns, so that every part of
/// the set has all of them. What begins with a dot is left out.
/// </summary>
internal sealed class PictureFolder
{
    private const string TrainPart = "train";
    private const string TestPart = "test";
    private const string Form = $"{TrainPart}/CLASS and {TestPart}/CLASS with PNG or JPEG pictures in them";
    private static readonly string[] Extensions = [".png", ".jpg", ".jpeg"];
    private readonly string _folder;
    private readonly DecodedPictures? _decoded;

    private PictureFolder(string folder, DecodedPictures? decoded) => (_folder, _decoded) = (folder, decoded);

    /// <param name="decoded">Keeps what was decoded; null: nothing is kept.</param>
    /// <returns>Null where the folder has none of the folders of its parts.</returns>
    public static PictureFolder? Find(string folder, DecodedPictures? decoded) =>
        new[] { TrainPart, TestPart }.Any(part => Directory.Exists(Path.Combine(folder, part))) ? new PictureFolder(folder, decoded) : null;

    /// <param name="name">What messages call the data set.</param>
    /// <exception cref="InvalidInputException">
    /// A part is missing or has other classes than the other, a class has no pictures, or a picture is damaged or of another size.
    /// </exception>
    public DataSet Read(string name)
    {
        var classes = Classes();
        var (train, test) = (Files(TrainPart, classes), Files(TestPart, classes));
        string[] paths = [.. train.Select(file => file.Path), .. test.Select(file => file.Path)];
        var images = (_decoded?.Read(_folder, paths) ?? SameSizedPictures.Read(paths)) with
        {
            Labels = [.. train.Select(file => file.Class), .. test.Select(file => file.Class)],
        };
        return DataSet.Of(name, images.Part(0, train.Count), images.Part(train.Count, test.Count), classes);
    }

    private List<string> Classes()
    {
        var (train, test) = (ClassesOf(TrainPart), ClassesOf(TestPart));
        foreach (var (one, other, has, lacks) in new[] { (train, test, TrainPart, TestPart), (test, train, TestPart, TrainPart) })
        {
            if (one.Except(other, StringComparer.Ordinal).FirstOrDefault() is { } alone)
            {
                throw new InvalidInputException(
                    $"{_folder} has the class '{alone}' in {has} and not in {lacks}, expected every class in both."
                );
            }
        }

        return train.Count switch
        {
            1 => throw new InvalidInputException(
                $"{_folder} has the class '{train[0]}' alone, expected at least two, since a network tells classes apart."
            ),
            > DataSet.MaxClasses => throw new InvalidInputException(
                $"{_folder} has {train.Count} classes, expected at most {DataSet.MaxClasses}."
            ),
            _ => train,
        };
    }

    private List<string> ClassesOf(string part)
    {
        var folder = Path.Combine(_folder, part);
        var classes = Directory.Exists(folder)
            ? Names(Directory.EnumerateDirectories(folder))
            : throw new InvalidInputException($"{_folder} has no folder {part}, expected {Form}.");
        return classes.Count > 0
            ? classes
            : throw new InvalidInputException($"{folder} has no folder of a class and so no pictures, expected {Form}.");
    }

    // The share of its class that is before a picture says when its turn is.
    private List<(string Path, byte Class)> Files(string part, List<string> classes) =>
        [
            .. classes
                .SelectMany((one, number) => Turns(FilesOf(Path.Combine(_folder, part, one)), (byte)number))
                .OrderBy(picture => picture.Turn)
                .ThenBy(picture => picture.Class)
                .Select(picture => (picture.Path, picture.Class)),
        ];

    private static IEnumerable<(double Turn, string Path, byte Class)> Turns(string[] paths, byte number) =>
        paths.Select((path, i) => ((i + 0.5) / paths.Length, path, number));

    private static string[] FilesOf(string folder)
    {
        var names = Names(Directory.EnumerateFiles(folder));
        string[] pictures = [.. names.Where(name => Extensions.Contains(Path.GetExtension(name), StringComparer.OrdinalIgnoreCase))];
        return pictures.Length > 0
            ? Array.ConvertAll(pictures, name => Path.Combine(folder, name))
            : throw new InvalidInputException(
                $"{folder} has no pictures, expected files whose names end in {string.Join(", ", Extensions)}."
            );
    }

    private static List<string> Names(IEnumerable<string> paths) =>
        [.. paths.Select(path => Path.GetFileName(path)).Where(name => !name.StartsWith('.')).Order(StringComparer.Ordinal)];
}
