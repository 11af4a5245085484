using System.Globalization;

namespace ForwardForward.Learning.Plugins;

/// <summary>Code of a plug-in has thrown while a run used it. It does so every time, at the same slot, so nobody need try again.</summary>
public sealed class PluginFailedException : InvalidOperationException
{
    internal PluginFailedException(Plugin plugin, Exception failure, long slot)
        : base(
            string.Create(
                CultureInfo.InvariantCulture,
                $"The plug-in {plugin} has failed at slot {slot}: {failure.Message.TrimEnd('.').ReplaceLineEndings(" ")}."
            ),
            failure
        )
    {
        Slot = slot;
    }

    /// <summary>At which it did.</summary>
    public long Slot { get; }

    /// <summary>Does the work of a slot.</summary>
    /// <exception cref="PluginFailedException">In place of what a plug-in has thrown.</exception>
    internal static T Guard<T>(long slot, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception e) when (e is not DivergedException and not PluginFailedException && PluginSet.Of(e) is { } plugin)
        {
            throw new PluginFailedException(plugin, e, slot);
        }
    }
}
