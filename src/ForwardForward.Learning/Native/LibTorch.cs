using System.Runtime.InteropServices;
using System.Runtime.Loader;
using TorchSharp;

namespace ForwardForward.Learning.Native;

/// <summary>libtorch cannot be used on this machine; the message is the one sentence a user needs.</summary>
public sealed class LibTorchUnavailableException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>Loads libtorch once per process and fixes its thread count, before anything else touches a tensor.</summary>
public static class LibTorch
{
    /// <summary>
    /// Environment variable with the folder of a libtorch to load instead of one beside the program: that of an installed PyTorch, say.
    /// </summary>
    public const string FolderVariable = "FF_LIBTORCH";

    /// <summary>Folder beside the program for what it makes itself on the machine that it runs on.</summary>
    internal const string KeptFolder = "remedied";

    private const string Binding = "LibTorchSharp";
    private const string Advice = "Build the program for linux-x64, with the package TorchSharp-cpu: dotnet add package TorchSharp-cpu.";
    private static readonly Lazy<bool> Loaded = new(Load, LazyThreadSafetyMode.ExecutionAndPublication);

    /// <summary>Whether it needed a copy that asks for no newer libstdc++ than there is.</summary>
    internal static bool IsRemedied { get; private set; }

    /// <summary>
    /// Loads the native libraries and sets one thread for libtorch's own operations: layers are the parallelism here.
    /// </summary>
    /// <exception cref="LibTorchUnavailableException">The native libraries are missing or do not load.</exception>
    public static void EnsureLoaded() => _ = Loaded.Value;

    private static bool Load()
    {
        if (OperatingSystem.IsLinux())
        {
            LoadRemedied();
        }

        try
        {
            torch.set_num_threads(1);
            return torch.TryInitializeDeviceType(DeviceType.CPU);
        }
        catch (Exception e)
            when (e is DllNotFoundException or NotSupportedException or TypeInitializationException or BadImageFormatException)
        {
            var cause = e.GetBaseException().Message.ReplaceLineEndings(" ");
            throw new LibTorchUnavailableException(
                $"libtorch 2.10 could not be loaded on {RuntimeInformation.RuntimeIdentifier}: {cause} {Advice}",
                e
            );
        }
    }

    private static void LoadRemedied()
    {
        var (original, torchFolder) = (Path.Combine(FolderOf($"lib{Binding}.so"), $"lib{Binding}.so"), Given() ?? FolderOf("libtorch.so"));
        try
        {
            NativeLibrary.Load(Path.Combine(torchFolder, "libtorch.so"));
            if (!NativeLibrary.TryLoad(original, out _))
            {
                // The copy finds libtorch by its name among what is loaded already, since its own folder holds nothing else.
                var handle = Corrected().Load(original);
                AssemblyLoadContext.Default.ResolvingUnmanagedDll += (_, name) => name == Binding ? handle : 0;
                IsRemedied = true;
            }
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException or InvalidDataException)
        {
            throw new LibTorchUnavailableException($"libtorch 2.10 could not be loaded: {LastLine(e.Message)}.", e);
        }
    }

    // The two come in packages of their own, and lie in two folders where nothing has put them together.
    private static string FolderOf(string library) =>
        SearchFolders().FirstOrDefault(folder => File.Exists(Path.Combine(folder, library)))
        ?? throw new LibTorchUnavailableException(
            $"libtorch 2.10 could not be loaded: {library} is not in the program's folder ({AppContext.BaseDirectory}). {Advice}"
        );

    private static string? Given()
    {
        if (Environment.GetEnvironmentVariable(FolderVariable) is not { Length: > 0 } given)
        {
            return null;
        }

        return File.Exists(Path.Combine(given, "libtorch.so"))
            ? given
            : throw new LibTorchUnavailableException($"{FolderVariable} is {given}, which has no libtorch.so in it.");
    }

    // .NET puts advice on how to search before what the loader said.
    private static string LastLine(string message) =>
        message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)[^1].TrimEnd('.');

    private static CorrectedCopy Corrected()
    {
        var data = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        string[] kept =
        [
            Path.Combine(AppContext.BaseDirectory, KeptFolder),
            .. data.Length == 0 ? Array.Empty<string>() : [Path.Combine(data, "forwardforward")],
        ];
        return new CorrectedCopy(kept, Path.GetTempPath(), NativeLibrary.Load);
    }

    private static IEnumerable<string> SearchFolders()
    {
        var probing = AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "";
        return
        [
            .. probing.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries),
            AppContext.BaseDirectory,
            Path.Combine(
                AppContext.BaseDirectory,
                "runtimes",
                $"linux-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}",
                "native"
            ),
        ];
    }
}
