using ForwardForward.Client;
using ForwardForward.Console.Runs;
using ForwardForward.Console.Streams;
using ForwardForward.Contracts.Experiments;
using ForwardForward.Learning;
using ForwardForward.Learning.Data;
using ForwardForward.Learning.Tensors;
using ForwardForward.Runtime.Readouts;
using ForwardForward.Runtime.Sources;

namespace ForwardForward.Console.Training;

/// <summary>Runs an experiment with the sequential trainer, on a thread of its own and every core: no Orleans.</summary>
internal sealed class ReferenceRunner(DataSet data, RunStream? stream = null) : IRunner
{
    private static readonly TimeSpan MaxRest = TimeSpan.FromSeconds(15); // until a test that is half done is over

    public int Silos => 0;

    public async Task<RunStatus> Run(
        string run,
        string folder,
        RunRequest request,
        Action<RunUpdate> update,
        CancellationToken cancellation
    )
    {
        var lessons = request.Lessons;
        LessonJournal.Require(lessons, data.Train.PixelsPerImage, data.Classes, "The journal of lessons");
        new LessonFile(folder).Write(lessons);
        var places = new SourceLessons(request.Spec, long.MaxValue, lessons).Schedule;
        using var file = stream?.File(folder);
        var examples = file is null ? null : new LocalStream(file);
        using var trainer = new SequentialTrainer(request.Spec, data, new WorkerPool(Environment.ProcessorCount), places, examples);
        var journal = new ReferenceJournal(run, request.Spec, trainer.Plan, lessons.Count);
        var checkpoints = new ReferenceCheckpoints(trainer, journal, Path.Combine(folder, RunFolder.Checkpoints), lessons);
        using var stop = new CancellationTokenSource();
        using var interruption = cancellation.Register(() =>
            stop.CancelAfter(request.Spec.Checkpoint.EverySlots == 0 ? TimeSpan.Zero : MaxRest)
        );
        trainer.SlotDone += slot =>
        {
            journal.Progressed(slot);
            checkpoints.After(slot);
            if (cancellation.IsCancellationRequested && request.Spec.Checkpoint.EverySlots > 0 && checkpoints.TryRest(slot))
            {
                stop.Cancel();
            }
        };
        trainer.LayerMeasured += journal.Measured;
        trainer.Evaluated += journal.Evaluated;
        trainer.Streamed += measured => journal.Streamed(ReadoutWorkLoop.Told(measured)!);
        using var feed = stream?.Feed(post => Task.Run(() => examples!.Append(post)), cancellation);
        var thread = new Thread(() => Train(trainer, journal, checkpoints, stop.Token)) { Name = "reference", IsBackground = true };
        thread.Start();
        var told = 0;
        try
        {
            return await RunWatch.Follow(
                journal.Watch,
                news =>
                {
                    told += news.Events.Count;
                    update(news);
                },
                cancellation
            );
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            thread.Join();
            var last = await journal.Watch(told);
            update(last);
            return last.Status.State == RunState.Done ? last.Status : throw new OperationCanceledException(cancellation);
        }
        finally
        {
            thread.Join();
        }
    }

    private static void Train(
        SequentialTrainer trainer,
        ReferenceJournal journal,
        ReferenceCheckpoints checkpoints,
        CancellationToken cancellation
    )
    {
        try
        {
            var result = trainer.Run(cancellation);
            journal.Stop();
            checkpoints.Complete();
            journal.Done(result.Hash, trainer.Examples);
        }
        catch (OperationCanceledException)
        {
            checkpoints.Complete();
        }
        catch (Exception e)
        {
            journal.Failed(e.Message);
        }
    }
}
