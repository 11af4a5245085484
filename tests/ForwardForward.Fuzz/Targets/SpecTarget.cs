using System.Text;
using ForwardForward.Learning;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Fuzz.Targets;

/// <summary>Specs in JSON, and assignments as <c>--set</c> takes them.</summary>
internal sealed class SpecTarget : ITarget
{
    public IReadOnlyList<byte[]> Seeds { get; } =
    [
        Encoding.UTF8.GetBytes(SpecReader.Write(new ExperimentSpec())),
        .. new[]
        {
            """{ "preset": "supervised-quick", /* less */ "epochs": 2, "optimizer": { "kind": "adam", "learningRate": 1e-3, }, }""",
            "optimizer.learningRate=0.02",
            "layers=500,500",
            "description=\"a \\ud83d\\ude00\"",
        }.Select(Encoding.UTF8.GetBytes),
    ];

    public void Decode(byte[] input)
    {
        var text = Encoding.UTF8.GetString(input);
        Try(() => SpecReader.Parse(text, "input"));
        Try(() => SpecReader.Set(new ExperimentSpec(), [text]));
    }

    private static void Try(Func<ExperimentSpec> read)
    {
        ExperimentSpec spec;
        try
        {
            spec = read();
        }
        catch (InvalidInputException e)
        {
            Finding.Unless(!e.Message.Contains('\n'), $"the refusal is no single line: {e.Message}");
            return;
        }

        Finding.Unless(
            SpecReader.Write(SpecReader.Parse(SpecReader.Write(spec), "again")) == SpecReader.Write(spec),
            "it is another one when it is written again"
        );
    }
}
