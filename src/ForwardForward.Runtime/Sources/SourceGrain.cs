using ForwardForward.Contracts.Stages;
using ForwardForward.Learning;
using ForwardForward.Learning.Data;
using ForwardForward.Learning.Specs;
using ForwardForward.Runtime.Pipeline;
using Microsoft.Extensions.Logging;
using Orleans.Placement;
using Orleans.Runtime;

namespace ForwardForward.Runtime.Sources;

/// <summary>Makes the slots of one run from the data on its silo.</summary>
[KeepAlive, Immovable, RandomPlacement]
internal sealed class SourceGrain(ILocalSiloDetails silo, TimeProvider time, DataSets dataSets, ILogger<SourceGrain> logger)
    : StageGrain(silo, time, logger), ISourceGrain
{
    private DataSet? _data;

    public async Task<DataShape> OpenData(ExperimentSpec spec)
    {
        _data = await Task.Run(() => dataSets.Open(spec.Dataset).Limited(spec));
        return new DataShape(_data.Train.Count, _data.Test.Count, _data.Train.PixelsPerImage, _data.Classes);
    }

    protected override string StageName => "source";

    protected override IStage CreateStage(StageContext context) =>
        new SourcePipelineStage(context, _data ?? throw new InvalidOperationException("The source was opened before its data."));
}
