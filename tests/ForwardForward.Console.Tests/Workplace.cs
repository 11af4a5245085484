using ForwardForward.Chaos;

namespace ForwardForward.Console.Tests;

/// <summary>A folder with a small data set in <c>tiny</c> and a console that runs there; gone after the test.</summary>
public abstract class Workplace : IDisposable
{
    /// <summary>A network that trains in a blink.</summary>
    protected static readonly string[] Small =
    [
        "--data",
        "tiny",
        "--set",
        "layers=16,16",
        "--set",
        "batchSize=20",
        "--set",
        "epochs=2",
        "--precision",
        "fp32",
    ];

    protected Workplace()
    {
        Folder = Directory.CreateTempSubdirectory("ff-console-").FullName;
        TinyIdx.Write(At("tiny"));
        Console = new Ff(Folder);
    }

    protected string Folder { get; }

    private protected Ff Console { get; }

    public void Dispose()
    {
        Directory.Delete(Folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    protected string At(params string[] path) => Path.Combine([Folder, .. path]);

    /// <summary>The console in this process; what needs one of its own has <see cref="Console"/>.</summary>
    private protected Task<FfResult> Run(params string[] arguments) => FfInProcess.Run(Folder, arguments);

    private protected Task<FfResult> Train(params string[] more) => Run(["train", .. Small, .. more]);
}
