using ForwardForward.Contracts.Experiments;

namespace ForwardForward.Runtime.Experiments;

/// <summary>Where a run's lessons are kept besides its record, for hosts whose records do not outlive the process.</summary>
public interface ILessonFile
{
    /// <summary>Writes the whole journal; it is kept for good when this returns.</summary>
    /// <exception cref="IOException">It cannot be written; the message is one sentence.</exception>
    void Write(IReadOnlyList<Lesson> lessons);
}
