using k8s;
using k8s.Models;

namespace ForwardForward.Cluster.Tests.Deploy;

/// <summary>Kubernetes objects by their typed models, which refuse a field that the kind does not have.</summary>
internal sealed class Manifests(IReadOnlyList<object> objects)
{
    public static IEnumerable<string> Files =>
        Directory
            .GetFiles(Repository.At("deploy/kubernetes"), "*.yaml", SearchOption.AllDirectories)
            .Where(f => Path.GetFileName(f) != "kustomization.yaml");

    public static Manifests Base { get; } =
        new([.. Files.Where(f => f.Contains("/base/", StringComparison.Ordinal)).SelectMany(f => Read(File.ReadAllText(f)))]);

    public static IReadOnlyList<object> Read(string yaml) => KubernetesYaml.LoadAllFromString(yaml, strict: true);

    /// <summary>What <c>kubectl kustomize</c> makes of a folder of the repository.</summary>
    public static async Task<Manifests> Rendered(string folder) =>
        new(Read((await Command.Run("kubectl", "kustomize", Repository.At(folder))).Succeeded()));

    public IEnumerable<T> All<T>() => objects.OfType<T>();

    /// <summary>The one object of this kind with this name, or with a hash behind it.</summary>
    public T The<T>(string name)
        where T : IKubernetesObject<V1ObjectMeta> =>
        Assert.Single(All<T>(), o => o.Name() == name || o.Name().StartsWith(name + "-", StringComparison.Ordinal));
}
