using ForwardForward.Contracts.Stages;
using ForwardForward.Learning;
using ForwardForward.Learning.Data;
using ForwardForward.Learning.Specs;
using ForwardForward.Runtime.Checkpoints;
using ForwardForward.Runtime.Pipeline;
using ForwardForward.Runtime.Placement;
using Microsoft.Extensions.Logging;
using Orleans.Placement;
using Orleans.Runtime;

namespace ForwardForward.Runtime.Sources;

/// <summary>Makes the slots of one run from the data on its silo.</summary>
[KeepAlive, Immovable, PlannedPlacement]
internal sealed partial class SourceGrain(ILocalSiloDetails silo, TimeProvider time, DataSets dataSets, CheckpointStore checkpoints, ILogger<SourceGrain> logger)
    : StageGrain(checkpoints, time, logger), ISourceGrain
{
    private readonly ILogger _logger = logger;
    private readonly Gate _gate = new();
    private DataSet? _data;

    public async Task<DataShape> OpenData(ExperimentSpec spec)
    {
        try
        {
            _data = await Task.Run(() => dataSets.Open(spec.Dataset, LogData).Limited(spec));
        }
        catch (InvalidInputException e)
        {
            throw new InvalidInputException($"The silo {silo.Name} cannot use the data: {e.Message}", e);
        }

        return new DataShape(_data.Train.Count, _data.Test.Count, _data.Train.PixelsPerImage, _data.Classes);
    }

    public Task Pause(int generation) => Move(generation, _gate.Close);

    public Task Resume(int generation) => Move(generation, _gate.Open);

    protected override string StageName => "source";

    protected override IStage CreateStage(StageContext context)
    {
        _gate.Open();
        return new SourcePipelineStage(context, _data ?? throw new InvalidOperationException("The source was opened before its data."), _gate);
    }

    private Task Move(int generation, Action gate)
    {
        if (IsOpenFor(generation))
        {
            gate();
        }

        return Task.CompletedTask;
    }

    [LoggerMessage(EventId = 20, Level = LogLevel.Information, Message = "{Step}")]
    private partial void LogData(string step);
}
