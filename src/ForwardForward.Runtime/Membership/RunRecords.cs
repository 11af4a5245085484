using ForwardForward.Contracts.Experiments;
using Microsoft.Extensions.Logging;

namespace ForwardForward.Runtime.Membership;

/// <summary>The records of a cluster's runs, for a host whose storage can lose what it holds.</summary>
public sealed partial class RunRecords
{
    private readonly LocalRuns _local;
    private readonly IGrainFactory _grains;
    private readonly ILogger _logger;

    internal RunRecords(LocalRuns local, IGrainFactory grains, ILogger<RunRecords> logger) =>
        (_local, _grains, _logger) = (local, grains, logger);

    /// <summary>Has them written again by the coordinators that are in memory, wherever those are.</summary>
    public async Task WriteAgain()
    {
        var index = _grains.GetGrain<IRunIndexGrain>(IRunIndexGrain.Key);
        await index.WriteAgain();
        var runs = _local.Names.Union(await index.Names()).ToList();
        await Task.WhenAll(runs.Select(run => _grains.GetGrain<IExperimentGrain>(run).WriteAgain()));
        LogWrittenAgain(runs.Count);
    }

    [LoggerMessage(
        EventId = 42,
        Level = LogLevel.Warning,
        Message = "The cluster's storage had lost what it held: the records of {Runs} runs are written again where they were known"
    )]
    private partial void LogWrittenAgain(int runs);
}
