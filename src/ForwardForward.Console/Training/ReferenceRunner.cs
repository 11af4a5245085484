using ForwardForward.Contracts.Experiments;
using ForwardForward.Learning;
using ForwardForward.Learning.Checkpoints;
using ForwardForward.Learning.Data;
using ForwardForward.Learning.Layers;

namespace ForwardForward.Console.Training;

/// <summary>Runs an experiment with the sequential trainer, on a thread of its own and every core: no Orleans.</summary>
internal sealed class ReferenceRunner(DataSet data) : IRunner
{
    public int Silos => 0;

    public async Task<RunStatus> Run(string run, string folder, RunRequest request, Action<RunUpdate> update, CancellationToken cancellation)
    {
        using var trainer = new SequentialTrainer(request.Spec, data, new Threads(Environment.ProcessorCount));
        var journal = new ReferenceJournal(run, request.Spec, trainer.Plan);
        trainer.SlotDone += slot =>
        {
            journal.Progressed(slot);
            if (trainer.Plan.IsCheckpoint(slot))
            {
                journal.Traced(new StateTrace(slot, [.. trainer.SnapshotAfter(slot).Select(stage => Safetensors.Sha256Of(stage, StateTrace.Metadata(slot)))]));
            }
        };
        trainer.LayerMeasured += journal.Measured;
        trainer.Evaluated += journal.Evaluated;
        var thread = new Thread(() => Train(trainer, journal, cancellation)) { Name = "reference", IsBackground = true };
        thread.Start();
        try
        {
            return await RunWatch.Follow(journal.Watch, update, cancellation);
        }
        finally
        {
            thread.Join();
        }
    }

    private static void Train(SequentialTrainer trainer, ReferenceJournal journal, CancellationToken cancellation)
    {
        try
        {
            journal.Done(trainer.Run(cancellation).Hash);
        }
        catch (OperationCanceledException)
        {
        }
        catch (Exception e)
        {
            journal.Failed(e.Message);
        }
    }
}
