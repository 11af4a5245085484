using ForwardForward.Learning;
using ForwardForward.Learning.Data;

namespace ForwardForward.Experiments.Data.Folders;

/// <summary>CIFAR-10 or CIFAR-100 in their binary form.</summary>
internal sealed class CifarFolder
{
    private readonly CifarForm _form;
    private readonly string _folder;

    private CifarFolder(CifarForm form, string folder) => (_form, _folder) = (form, folder);

    /// <returns>Null where the folder has none of its files, and no folder of its archive's name with them in it.</returns>
    public static CifarFolder? Find(string folder)
    {
        CifarForm[] forms = [CifarForm.Cifar10, CifarForm.Cifar100];
        return forms
            .SelectMany(form => new[] { folder, Path.Combine(folder, form.Folder) }.Select(place => new CifarFolder(form, place)))
            .FirstOrDefault(found => found._form.Files.Any(file => File.Exists(found.At(file))));
    }

    /// <param name="name">What messages call the data set.</param>
    /// <exception cref="InvalidInputException">A file is missing, cut short or has a label that there is not.</exception>
    public DataSet Read(string name)
    {
        if (_form.Files.FirstOrDefault(file => !File.Exists(At(file))) is { } missing)
        {
            throw new InvalidInputException(
                $"{_folder} lacks {missing}, expected the files of {_form.Name}: {string.Join(", ", _form.Files)}."
            );
        }

        RequireWhole();
        return DataSet.Of(name, ReadPart(_form.Train), ReadPart([_form.Test]), Names(), _form.Classes);
    }

    // A file may end early where a record does. Own sets may be of any size, but one of whose files any is as published is no own one.
    private void RequireWhole()
    {
        var files = _form.Files.Select(file => (Name: file, Records: Records(At(file)), Published: _form.Records(file))).ToList();
        if (
            files.FirstOrDefault(file => file.Records < file.Published) is { Name: { } name } few
            && files.FirstOrDefault(file => file.Records == file.Published) is { Name: { } whole } other
        )
        {
            throw new InvalidInputException(
                $"{At(name)} has {few.Records} pictures, and {whole} beside it {other.Records}, as published: the file is cut short; "
                    + $"expected {few.Published}, of which trainImages and testImages take fewer."
            );
        }
    }

    private string At(string file) => Path.Combine(_folder, file);

    private LabelledImages ReadPart(IReadOnlyList<string> files)
    {
        var all = files.Select(file => (Path: At(file), Records: Records(At(file)))).ToList();
        var count = all.Sum(file => file.Records);
        if ((long)count * CifarForm.Pixels * CifarForm.Channels > Array.MaxLength)
        {
            throw new InvalidInputException($"{_folder} has {count} pictures, expected at most {Array.MaxLength} bytes of them.");
        }

        var images = new LabelledImages(
            count,
            CifarForm.Side,
            CifarForm.Side,
            new byte[count * CifarForm.Pixels * CifarForm.Channels],
            new byte[count]
        )
        {
            Channels = CifarForm.Channels,
        };
        var first = 0;
        foreach (var (path, records) in all)
        {
            Read(path, records, images, first);
            first += records;
        }

        return images;
    }

    private int Records(string path)
    {
        var bytes = new FileInfo(path).Length;
        return bytes > 0 && bytes % _form.RecordBytes == 0
            ? (int)Math.Min(int.MaxValue, bytes / _form.RecordBytes)
            : throw new InvalidInputException(
                $"{path} has {bytes} bytes, expected a multiple of {_form.RecordBytes}: "
                    + $"{(_form.Labels.Count == 1 ? "a label" : $"{_form.Labels.Count} labels")} and "
                    + $"{CifarForm.Pixels * CifarForm.Channels} numbers for each picture of {_form.Name}."
            );
    }

    private void Read(string path, int records, LabelledImages images, int first)
    {
        using var file = File.OpenRead(path);
        var record = new byte[_form.RecordBytes];
        for (var i = 0; i < records; i++)
        {
            file.ReadExactly(record);
            for (var label = 0; label < _form.Labels.Count; label++)
            {
                if (record[label] >= _form.Labels[label])
                {
                    throw new InvalidInputException(
                        $"{path} has the label {record[label]} at picture {i}, expected 0 to {_form.Labels[label] - 1}."
                    );
                }
            }

            images.Labels[first + i] = record[_form.Labels.Count - 1];
            Interleave(record.AsSpan(_form.Labels.Count), images.Pixels.AsSpan((first + i) * images.PixelsPerImage));
        }
    }

    private static void Interleave(ReadOnlySpan<byte> planes, Span<byte> pixels)
    {
        for (var pixel = 0; pixel < CifarForm.Pixels; pixel++)
        {
            for (var channel = 0; channel < CifarForm.Channels; channel++)
            {
                pixels[(pixel * CifarForm.Channels) + channel] = planes[(channel * CifarForm.Pixels) + pixel];
            }
        }
    }

    private string[]? Names()
    {
        var path = At(_form.Names);
        if (!File.Exists(path))
        {
            return null;
        }

        string[] names = [.. File.ReadLines(path).Select(line => line.Trim()).Where(line => line.Length > 0)];
        return names.Length == _form.Classes
            ? names
            : throw new InvalidInputException($"{path} has {names.Length} names, expected {_form.Classes}: one for each class.");
    }
}
