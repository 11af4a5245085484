using ForwardForward.Console.CommandLine;
using ForwardForward.Contracts.Experiments;
using ForwardForward.Contracts.Stages;
using ForwardForward.Experiments.Data;
using ForwardForward.Experiments.Data.Pictures;
using ForwardForward.Learning;
using ForwardForward.Learning.Data;
using ForwardForward.Learning.Devices;
using ForwardForward.Learning.Layers;
using ForwardForward.Learning.Native;
using ForwardForward.Learning.Recipes;
using ForwardForward.Learning.Recipes.Networks;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Console.Training;

/// <summary>An experiment that nothing speaks against: its spec is resolved, its data is open, its slots are planned.</summary>
internal sealed record Experiment(SpecChoice Choice, DataSet Data, SlotPlan Plan)
{
    public ExperimentSpec Spec => Choice.Spec;

    /// <param name="choice">The spec as asked for.</param>
    /// <param name="sets">Have its data.</param>
    /// <param name="report">Takes a line per step of a download.</param>
    /// <param name="silence">Says what goes on; null: nothing does.</param>
    /// <param name="cancellation">Ends a download.</param>
    /// <exception cref="InvalidInputException">Data or spec cannot be used.</exception>
    public static Experiment Open(SpecChoice choice, DataSets sets, Action<string> report, Silence? silence, CancellationToken cancellation)
    {
        var data = sets.Open(choice.Spec, report, cancellation);
        var planned = Planned(choice, data);
        using var _ = silence?.During("Loading libtorch and measuring what this machine computes best.");
        LibTorch.EnsureLoaded();
        ComputeDevices.UseNamed();
        var precision = ProductsOf.Resolve(planned.Spec, data.Train.PixelsPerImage);
        choice = planned.Choice with
        {
            Spec = DataFigures.Settled(planned.Spec, DataFigures.Measure(data.Train)) with
            {
                DatasetSha256 = data.Sha256,
                Precision = precision,
            },
        };
        SlotSize.Require(choice.Spec, planned.Plan, data.Train.PixelsPerImage);
        return planned with { Choice = choice };
    }

    /// <summary>What can be known before libtorch is loaded and anything is measured.</summary>
    /// <param name="choice">The spec as asked for.</param>
    /// <param name="data">As the spec limits it.</param>
    /// <exception cref="InvalidInputException">Data or spec cannot be used.</exception>
    public static Experiment Planned(SpecChoice choice, DataSet data)
    {
        choice = choice with { Spec = DataDescription.Of(data).Fill(choice.Spec) };
        var plan = new SlotPlan(choice.Spec, data.Train.Count, data.Test.Count, data.Classes);
        SlotSize.Require(choice.Spec, plan, data.Train.PixelsPerImage);
        MemoryEstimate.Require(
            MemoryEstimate.Of(choice.Spec, plan, (long)data.Train.Count + data.Test.Count, data.Train.PixelsPerImage, data.Classes),
            "this machine",
            GC.GetGCMemoryInfo().TotalAvailableMemoryBytes
        );
        return new Experiment(choice, data, plan);
    }

    /// <summary>The run before its first slot.</summary>
    public RunStatus Queued(string run) =>
        new()
        {
            Run = run,
            State = RunState.Queued,
            Spec = Spec,
            Preset = Choice.Preset,
            Slots = Plan.SlotCount,
            Data = new DataShape(Data.Train.Count, Data.Test.Count, Data.Train.PixelsPerImage, Data.Classes, Data.Sha256)
            {
                ErrorAtChance = Collapse.ErrorOfTheMostFrequent(Data.Test.Labels),
            },
        };

    /// <summary>Of one training slot.</summary>
    public StepProducts Products => ProductsOf.Step(Spec, Data.Train.PixelsPerImage);

    /// <summary>
    /// What every core of this machine together reaches on nothing but the run's products, in operations per second; no number where the
    /// machine is busy.
    /// </summary>
    public double MeasureMatrixRate() => MatrixRate.MeasureUnlessBusy(Products, Environment.ProcessorCount);
}
