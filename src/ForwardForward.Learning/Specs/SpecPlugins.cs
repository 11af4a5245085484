using ForwardForward.Learning.Plugins;

namespace ForwardForward.Learning.Specs;

/// <summary>Which of the plug-ins of this process a spec uses.</summary>
internal static class SpecPlugins
{
    /// <summary>The spec with the plug-ins that it uses, so that it means the same code everywhere.</summary>
    /// <exception cref="MissingPluginException">It means one that is not here.</exception>
    public static ExperimentSpec Resolve(ExperimentSpec spec)
    {
        PluginSet.Require(spec.Plugins);
        var used = PluginSet.Loaded.Where(plugin => plugin.Adds.Any(Names(spec).Contains));
        return spec with { Plugins = string.Join(PluginSet.Between, used.Select(plugin => plugin.Identity)) };
    }

    private static IEnumerable<string> Names(ExperimentSpec spec) =>
        [
            $"goodness.kind {spec.Goodness.Kind}",
            $"negatives.kind {spec.Negatives.Kind}",
            $"optimizer.kind {spec.Optimizer.Kind}",
            $"recipe {spec.Recipe}",
        ];
}
