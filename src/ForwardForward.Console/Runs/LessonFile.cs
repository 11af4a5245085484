using ForwardForward.Contracts.Experiments;
using ForwardForward.Learning;
using ForwardForward.Learning.Checkpoints;
using ForwardForward.Runtime.Experiments;

namespace ForwardForward.Console.Runs;

/// <summary>The journal of lessons in a run's folder: a line for each, in the order in which they were taken.</summary>
/// <param name="folder">Of the run.</param>
internal sealed class LessonFile(string folder) : ILessonFile
{
    private readonly string _path = Path.Combine(folder, RunFolder.LessonsFile);

    public void Write(IReadOnlyList<Lesson> lessons)
    {
        if (lessons.Count == 0 && !File.Exists(_path))
        {
            return;
        }

        try
        {
            WholeFile.Replace(_path, LessonJournal.WriteLines(lessons));
        }
        catch (InvalidInputException e)
        {
            throw new IOException(e.Message, e);
        }
    }

    /// <summary>What was taught to a run; nothing where it has no journal.</summary>
    /// <exception cref="InvalidInputException">The file is there and cannot be used.</exception>
    public static IReadOnlyList<Lesson> Of(string folder) =>
        Path.Combine(folder, RunFolder.LessonsFile) is var path && File.Exists(path) ? Read(path) : [];

    /// <exception cref="InvalidInputException">The file cannot be used.</exception>
    public static IReadOnlyList<Lesson> Read(string path)
    {
        try
        {
            return LessonJournal.ReadLines(File.ReadAllText(path), path);
        }
        catch (Exception e) when (CheckpointException.IsOfFiles(e))
        {
            throw new InvalidInputException($"{path} cannot be read, expected the journal of a run's lessons.", e);
        }
    }
}
