using System.Globalization;
using System.Text;
using ForwardForward.Console.Rendering;
using ForwardForward.Console.Runs;
using ForwardForward.Learning.Data;
using ForwardForward.Learning.Recipes;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Console.Reports;

/// <summary>A run on one page of HTML that needs nothing else: no network, no other file.</summary>
internal sealed class ReportPage(RunReport report)
{
    private const int ShownDigits = 16;
    private readonly RunSummary _run = report.Summary;

    public string Html()
    {
        var page = new StringBuilder();
        Heading(page);
        PageFrame.Section(page, "How it learned", Charts());
        PageFrame.Section(page, "What the network sees", FirstImages());
        PageFrame.Section(page, "What it learned", Learned());
        if (Convolutions is { } convolutions)
        {
            PageFrame.Section(page, "Where its layers see the classes", convolutions.Maps());
        }

        if (report.Network?.Settled is { } settled)
        {
            PageFrame.Section(page, "What signals from above change", FromAbove(settled));
        }

        PageFrame.Section(page, "Where it ran", Timeline.Svg(report.Records, _run.Seconds) + Incidents() + Plan());
        PageFrame.Section(page, "The experiment", Experiment());
        return PageFrame.Html(_run.Run, page);
    }

    private void Heading(StringBuilder page)
    {
        var facts = new[]
        {
            _run.Preset,
            _run.Dataset,
            _run.Precision.ToString().ToLowerInvariant(),
            Texts.Silos(_run.Silos),
            $"seed {_run.Seed}",
        };
        page.Append(
            CultureInfo.InvariantCulture,
            $"<header><h1>{Markup.Escape(_run.Run)}</h1><p>{Markup.Escape(string.Join(" · ", facts.OfType<string>()))} · <span "
                + $"class=\"state {_run.State}\">{_run.State}</span></p>"
        );
        page.Append(_run.Error is { } error ? $"<p class=\"error\">{Markup.Escape(error)}</p>" : "");
        page.Append(string.Concat(_run.Warnings.Select(warning => $"<p class=\"error\">{Markup.Escape(warning)}</p>")));
        page.Append(MissingNet.Sentence(_run) is { } missing ? $"<p class=\"error\">Without a net: {Markup.Escape(missing)}</p>" : "");
        page.Append(_run.TestGap is { } gap ? $"<p>{Markup.Escape(gap)}</p>" : "").Append("<dl class=\"figures\">");
        foreach (
            var (name, value) in new[]
            {
                ("test error, fast", Texts.Percent(_run.TestErrorFast)),
                ("test error, by goodness", Texts.Percent(_run.TestErrorGoodness)),
                ("epochs", $"{_run.Epoch} of {_run.Epochs}"),
                ("time", Texts.Duration(TimeSpan.FromSeconds(_run.Seconds))),
                ("throughput", Texts.Rate(_run.SamplesPerSecond)),
                ("of the matrix rate", _run.MatrixRateLeftOut is { } reason ? $"left out: {reason}" : Texts.Percent(_run.MatrixRateShare)),
                (
                    "recoveries",
                    _run.Recoveries == 0 ? "none" : $"{_run.Recoveries}, {Texts.Count((int)_run.RedoneSlots, "slot")} done again"
                ),
                ("state hash", _run.StateHash?[..ShownDigits] ?? Texts.None),
            }
        )
        {
            page.Append(CultureInfo.InvariantCulture, $"<div><dt>{name}</dt><dd>{Markup.Escape(value)}</dd></div>");
        }

        page.Append("</dl></header>");
    }

    private string Charts()
    {
        var (slots, epochs) = (_run.Slots ?? 0, _run.Epochs);
        var plan = report.Data is { } data ? new SlotPlan(report.Spec, data.Train.Count, data.Test.Count, data.Classes) : null;
        (string Caption, LineChart Chart)[] charts =
        [
            ("Test error, on a scale where equal steps are equal ratios", RunCurves.TestError(report.Records)),
            .. report.Records.Evaluations.Any(at => at.OwnErrors.Count > 0)
                ? [("Test error of each layer alone, by its own goodness", RunCurves.OwnErrors(report.Records))]
                : Array.Empty<(string, LineChart)>(),
            ("Loss of each layer, nats", RunCurves.Loss(report.Records, plan?.SlotCount ?? slots, epochs)),
            .. report.Records.Layers.Select(layer =>
                (
                    $"Goodness of layer {layer.Key}: mean per unit, positive and negative rows",
                    RunCurves.Goodness(layer, plan?.SlotCount ?? slots, epochs)
                )
            ),
            ("Throughput, tests included", RunCurves.Throughput(report.Records, report.Spec.BatchSize)),
        ];
        return PageFrame.Charts(charts);
    }

    private string FirstImages() =>
        report.Data is { } data
            ? $"<p>The first images that the run learned from, as the first layer gets them{Label()}</p>"
                + string.Concat(
                    FirstBatch
                        .Of(report.Spec, data)
                        .Select(group => $"<h3>{group.Name}</h3>{PictureGrid.Html(group.Pictures, $"a {group.Name} row")}")
                )
            : PageFrame.None(report.WhyNoNetwork!);

    private string Label() =>
        Recipe.Of(report.Spec).Rows switch
        {
            "" => ".",
            var rows when char.IsUpper(rows[0]) => $". {rows}",
            var rows => $": {rows}",
        };

    private string Learned()
    {
        if (report.Network is not { } network)
        {
            return PageFrame.None(report.WhyNoNetwork!);
        }

        var test = report.Data!.Test;
        return $"<p>From the checkpoint after slot {network.Slot}, in one pass over the {test.Count} test images"
            + $"{(Recipe.Of(report.Spec).HasLabels ? " with the neutral label" : "")}.</p><div class=\"pair\"><div><h3>What each class "
            + $"(row) was taken for</h3>{ConfusionTable.Html(network.Counts, Names)}</div>"
            + $"<div>{FirstLayer(network, test)}</div></div>"
            + $"<h3>The worst mistakes: is, taken for, how surely</h3>{Mistakes(network)}";
    }

    private string FirstLayer(TestedNetwork network, LabelledImages test)
    {
        var weights = test.Channels == 1 ? "weights that excite (blue) and inhibit (orange)" : "weights of each colour";
        var fields = network.ReceptiveFields.Select(unit => new SmallPicture(unit, test.Width, test.Height, Channels: test.Channels));
        return Convolutions is { } convolutions
            ? $"<h3>First-layer kernels of each class: {weights}</h3>{convolutions.Kernels()}"
            : $"<h3>First-layer units: {weights}</h3>{PictureGrid.Html(fields, "weights of a unit", isSigned: true)}";
    }

    private ConvolutionSection? Convolutions =>
        report.Network?.Convolutional is { } view ? new ConvolutionSection(view, report.Data!.Classes, Names, Picture) : null;

    private string FromAbove(IteratedTest settled)
    {
        var courses = settled.Images.Select(image =>
            $"<figure><figcaption>{PictureGrid.Html([Picture(image.Image, "")], "a test image")}</figcaption>"
            + $"{IteratedTest.Course(image).Svg()}</figure>"
        );
        return "<p>What the readout says of the states that the test images leave in the layers it sees: after the pass from below, "
            + "and after every iteration in which the layers also hear the layer above. Above the network is that label which the "
            + "network itself likes best, as in the goodness test. By the mean of the iterations whose goodness counts the error is "
            + $"{Texts.Percent(settled.Settled)}.</p>"
            + "<div class=\"charts\"><figure><figcaption>Test "
            + $"error</figcaption>{settled.ErrorChart().Svg()}</figure></div><h3>Images that are read otherwise with "
            + $"them</h3><div class=\"charts\">{string.Concat(courses)}</div>";
    }

    private IReadOnlyList<string>? Names => ClassNames.Split(report.Spec.Images.ClassNames);

    private SmallPicture Picture(int image, string caption)
    {
        var (test, size) = (report.Data!.Test, report.Data.Test.PixelsPerImage);
        return new SmallPicture(
            [.. test.Pixels.Skip(image * size).Take(size).Select(pixel => pixel / 255f)],
            test.Width,
            test.Height,
            caption,
            test.Channels
        );
    }

    private string Mistakes(TestedNetwork network) =>
        network.Worst.Count == 0
            ? PageFrame.None("There is none.")
            : PictureGrid.Html(
                network.Worst.Select(mistake =>
                    Picture(
                        mistake.Image,
                        string.Create(
                            CultureInfo.InvariantCulture,
                            $"{Name(mistake.Label)} → {Name(mistake.Answer)}, {100 * mistake.Probability:0} %"
                        )
                    )
                ),
                "a test image that was taken for another class"
            );

    private string Name(int number) => Names?[number] ?? $"{number}";

    // The folder may have been written by a console that watched from the beginning, or by none.
    private string Incidents()
    {
        var told = report.Records.Incidents.Select(incident => (incident.Seconds, incident.Sentence)).ToList();
        told = told.Count > 0 ? told : [.. _run.Incidents.Select(incident => (incident.Seconds, incident.Sentence))];
        var items = told.Select(one =>
            $"<li><b>{Texts.Duration(TimeSpan.FromSeconds(one.Seconds))}</b> {Markup.Escape(one.Sentence)}</li>"
        );
        return told.Count == 0 ? "" : $"<ul class=\"incidents\">{string.Concat(items)}</ul>";
    }

    private string Plan() => _run.PlanReason is { } reason ? $"<p>{Markup.Escape(reason)}</p>" : "";

    private string Kernels() =>
        (_run.Exact ? "" : $"<div><dt>exact</dt><dd>{KernelText.NotExact}</dd></div>")
        + string.Concat(KernelText.Lines(_run).Select(kind => $"<div><dt>kernels</dt><dd>{Markup.Escape(kind)}</dd></div>"));

    private string Experiment() =>
        "<dl class=\"facts\"><div><dt>state "
        + $"hash</dt><dd>{Markup.Escape(_run.StateHash ?? Texts.None)}</dd></div><div><dt>kernel "
        + $"fingerprint</dt><dd>{Markup.Escape(_run.Fingerprint ?? Texts.None)}</dd></div>{Kernels()}</dl>"
        + $"<details><summary>The spec, everything resolved</summary><pre>{Markup.Escape(SpecReader.Write(report.Spec))}</pre></details>";
}
