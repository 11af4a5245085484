using System.Diagnostics;
using System.Reflection;
using System.Runtime.Loader;
using System.Security.Cryptography;

namespace ForwardForward.Learning.Plugins;

/// <summary>The plug-ins of this process. A run that uses one keeps its hash, and goes on only where the same file is.</summary>
internal static class PluginSet
{
    /// <summary>Files to load when a program starts, separated as in <c>PATH</c>.</summary>
    public const string Variable = "FF_PLUGINS";
    internal const string Between = "; ";
    private static readonly Lock Loading = new();
    private static readonly List<(Plugin Plugin, Assembly Assembly)> Known = [];

    /// <summary>In the order in which they came.</summary>
    public static IReadOnlyList<Plugin> Loaded
    {
        get
        {
            lock (Loading)
            {
                return [.. Known.Select(one => one.Plugin)];
            }
        }
    }

    /// <summary>As runs keep them.</summary>
    public static IReadOnlyList<string> Identities => [.. Loaded.Select(plugin => plugin.Identity)];

    /// <summary>Loads what the environment names.</summary>
    /// <inheritdoc cref="Load"/>
    public static void LoadNamed(string? paths)
    {
        foreach (
            var path in (paths ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        )
        {
            Load(path);
        }
    }

    /// <summary>Loads one; a file that is loaded already is left as it is.</summary>
    /// <exception cref="InvalidInputException">The file is no plug-in, or what it adds cannot be added.</exception>
    public static Plugin Load(string path)
    {
        lock (Loading)
        {
            var sha256 = Convert.ToHexStringLower(SHA256.HashData(Bytes(path)));
            if (Known.Find(one => one.Plugin.Sha256 == sha256).Plugin is { } there)
            {
                return there;
            }

            try
            {
                return Add(AssemblyLoadContext.Default.LoadFromAssemblyPath(Path.GetFullPath(path)), path, sha256);
            }
            catch (Exception e) when (e is not InvalidInputException)
            {
                var reason = (e is TargetInvocationException or TypeInitializationException ? e.InnerException ?? e : e).Message;
                throw new InvalidInputException(
                    $"{path} cannot be loaded ({reason.TrimEnd('.').ReplaceLineEndings(" ")}), expected an assembly with an "
                        + $"{nameof(IPlugin)}.",
                    e
                );
            }
        }
    }

    /// <summary>Refuses a run whose plug-ins are not those of this process.</summary>
    /// <param name="identities">As a spec's <c>plugins</c> has them.</param>
    /// <exception cref="MissingPluginException">One is not here, or in another version.</exception>
    public static void Require(string identities)
    {
        if (Missing(identities, Identities) is { } sentence)
        {
            throw new MissingPluginException($"{sentence}; expected it by --plugin or {Variable}.");
        }
    }

    /// <param name="needed">As a spec's <c>plugins</c> has them.</param>
    /// <param name="there">Identities of those that are there.</param>
    /// <returns>The beginning of a sentence that says what is missing; null where all are there.</returns>
    public static string? Missing(string needed, IReadOnlyCollection<string> there)
    {
        if (needed.Split(Between, StringSplitOptions.RemoveEmptyEntries).FirstOrDefault(one => !there.Contains(one)) is not { } missing)
        {
            return null;
        }

        var other = there.FirstOrDefault(one => one.Split(' ')[0] == missing.Split(' ')[0]);
        return other is null
            ? $"The plug-in {Plugin.Shown(missing)} is not there"
            : $"The plug-in {Plugin.Shown(missing)} is there as {Plugin.Shown(other)}";
    }

    /// <summary>Which plug-in an exception comes from; null where from none.</summary>
    internal static Plugin? Of(Exception e)
    {
        lock (Loading)
        {
            if (Known.Count == 0)
            {
                return null;
            }

            var frames = new StackTrace(e).GetFrames().Select(frame => frame.GetMethod()?.Module.Assembly);
            return frames
                .Select(assembly => Known.Find(one => one.Assembly == assembly).Plugin)
                .FirstOrDefault(plugin => plugin is not null);
        }
    }

    private static Plugin Add(Assembly assembly, string path, string sha256)
    {
        var name = assembly.GetName();
        if (Known.Exists(one => one.Assembly == assembly))
        {
            throw new InvalidInputException(
                $"{path} is another file of the plug-in {name.Name} that is loaded already, expected one of them."
            );
        }

        var types = assembly
            .GetExportedTypes()
            .Where(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(IPlugin)))
            .ToList();
        if (types.Count == 0)
        {
            throw new InvalidInputException($"{path} has no public class with {nameof(IPlugin)}, expected a plug-in.");
        }

        var before = Seams.Offered;
        types.ForEach(type => ((IPlugin)Activator.CreateInstance(type)!).Register());
        var plugin = new Plugin(name.Name!, name.Version!.ToString(3), sha256, [.. Seams.Offered.Except(before)]);
        Known.Add((plugin, assembly));
        return plugin;
    }

    private static byte[] Bytes(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException(
                e is FileNotFoundException or DirectoryNotFoundException
                    ? $"{path} does not exist, expected a plug-in."
                    : $"{path} cannot be read ({e.Message.TrimEnd('.')}), expected a plug-in.",
                e
            );
        }
    }
}
