using ForwardForward.Contracts.Experiments;
using ForwardForward.Learning;

namespace ForwardForward.Runtime.Tests.Simulation;

/// <summary>Teaches a run from outside of the cluster, and asks again until each lesson is acknowledged or the run is over.</summary>
internal sealed class Teacher(SimulatedWorld world)
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(300);
    private int _taught;

    /// <summary>What the run has acknowledged: the lesson, and whether it was taken back.</summary>
    public Dictionary<string, LessonReceipt> Acknowledged { get; } = [];

    /// <summary>Lessons that are neither acknowledged nor given up.</summary>
    public int UnderWay { get; private set; }

    public void Teach(bool takesBack)
    {
        var number = ++_taught;
        var pixels = new byte[SimulatedWorld.Data.Pixels];
        pixels[0] = (byte)number;
        var lesson = new Lesson($"lesson-{number}", pixels, number % SimulatedWorld.Data.Classes);
        Ask(lesson.Id, coordinator => coordinator.Teach(lesson), then: () => TakeBack(takesBack, lesson.Id));
    }

    private void TakeBack(bool takesBack, string id)
    {
        if (takesBack)
        {
            Ask(id, coordinator => coordinator.TakeBack(id), then: () => { });
        }
    }

    private void Ask(string id, Func<Runtime.Experiments.RunCoordinator, Task<LessonReceipt>> ask, Action then)
    {
        UnderWay++;
        _ = world
            .CallCoordinator(null, ask)
            .ContinueWith(
                answer =>
                    world.Time.After(
                        answer.IsCompletedSuccessfully ? TimeSpan.FromMilliseconds(1) : Pace,
                        () =>
                        {
                            UnderWay--;
                            if (answer.IsCompletedSuccessfully)
                            {
                                Acknowledged[id] = answer.Result;
                                then();
                            }
                            else if (answer.Exception!.InnerException is not InvalidInputException || IsPaused)
                            {
                                Ask(id, ask, then);
                            }
                        }
                    ),
                CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default
            );
    }

    private bool IsPaused => world.Storage.Record?.Status is { IsOver: false };
}
