using ForwardForward.Contracts.Experiments;
using ForwardForward.Contracts.Stages;
using ForwardForward.Contracts.Streams;
using ForwardForward.Experiments.Data;
using ForwardForward.Experiments.Data.Pictures;
using ForwardForward.Learning;
using ForwardForward.Learning.Data;
using ForwardForward.Learning.Recipes;
using ForwardForward.Learning.Specs;
using ForwardForward.Runtime.Checkpoints;
using ForwardForward.Runtime.Membership;
using ForwardForward.Runtime.Pipeline;
using ForwardForward.Runtime.Placement;
using ForwardForward.Runtime.Telemetry;
using Microsoft.Extensions.Logging;
using Orleans.Placement;

namespace ForwardForward.Runtime.Sources;

/// <summary>Makes the slots of one run from the data on its silo.</summary>
[KeepAlive, Immovable, PlannedPlacement]
internal sealed partial class SourceGrain(
    ILocalSiloDetails silo,
    LocalRuns local,
    TimeProvider time,
    DataSets dataSets,
    CheckpointStore checkpoints,
    SlotPace pace,
    Turns turns,
    ILogger<SourceGrain> logger
) : StageGrain(silo, local, checkpoints, time, logger), ISourceGrain
{
    private ILogger _logger = logger;
    private readonly PauseGate _gate = new();
    private DataSet? _data;
    private PredictionQueue? _questions;
    private SourceLessons? _lessons;

    public async Task<DataShape?> OpenData(int generation, ExperimentSpec spec, SiloAddress place)
    {
        if (!IsHere(generation, place))
        {
            return null;
        }

        _logger = RunLogger.Of(_logger, this.GetPrimaryKeyString(), Silo.Name, () => generation, NameIn(spec));
        try
        {
            _data = await Task.Run(() => dataSets.Open(spec, LogData));
        }
        catch (InvalidInputException e)
        {
            throw new InvalidInputException($"The silo {Silo.Name} cannot use the data: {e.Message}", e);
        }

        return new DataShape(_data.Train.Count, _data.Test.Count, _data.Train.PixelsPerImage, _data.Classes, _data.Sha256)
        {
            Figures = DataFigures.Measure(_data.Train),
            ErrorAtChance = Collapse.ErrorOfTheMostFrequent(_data.Test.Labels),
            Height = _data.Train.Height,
            Width = _data.Train.Width,
            Channels = _data.Train.Channels,
            ClassNames = ClassNames.Join(_data.ClassNames),
        };
    }

    public Task Halt(int generation) => Move(generation, _gate.Close);

    public Task GoOn(int generation) => Move(generation, _gate.Open);

    public Task<PredictionResult> Ask(int generation, byte[] pixels) =>
        IsOpenFor(generation) ? _questions!.Ask(pixels) : throw NotFor(generation);

    public Task<PredictionResult> AskLayers(int generation, byte[] pixels) =>
        IsOpenFor(generation) ? _questions!.Ask(pixels, tries: true) : throw NotFor(generation);

    public Task<long?> Teach(int generation, Lesson lesson, long notBefore) =>
        IsOpenFor(generation) ? Task.FromResult(_lessons!.Teach(lesson, notBefore)) : throw NotFor(generation);

    public Task<long> TakeBack(int generation, int number, long notBefore) =>
        IsOpenFor(generation) ? Task.FromResult(_lessons!.TakeBack(number, notBefore)) : throw NotFor(generation);

    public Task Answered(int generation, PredictionResponse answer)
    {
        if (IsOpenFor(generation))
        {
            _questions!.Answered(answer);
        }

        return Task.CompletedTask;
    }

    protected override string NameIn(ExperimentSpec spec) => "source";

    protected override IStage CreateStage(StageContext context)
    {
        _gate.Open();
        var data = _data ?? throw new InvalidOperationException("The source was opened before its data.");
        _questions = new PredictionQueue(data.Train.PixelsPerImage, data.Classes, context.Time, context.Metrics.Answered);
        _lessons = SourceLessons.Of(context.Assignment, context.Plan.Batches, _lessons);
        var stream = context.Assignment.Spec.Stream
            ? new SourceStream(context, GrainFactory.GetGrain<IStreamGrain>(context.Assignment.Run), _gate, _questions)
            : null;
        return new SourceWorkLoop(context, data, _gate, _questions, _lessons, pace, turns, stream);
    }

    private Task Move(int generation, Action gate)
    {
        if (!IsOpenFor(generation))
        {
            throw NotFor(generation);
        }

        gate();
        return Task.CompletedTask;
    }

    private static StageLostException NotFor(int generation) => new($"The source does not work for generation {generation} of this run.");

    [LoggerMessage(EventId = 20, Level = LogLevel.Information, Message = "{Step}")]
    private partial void LogData(string step);
}
