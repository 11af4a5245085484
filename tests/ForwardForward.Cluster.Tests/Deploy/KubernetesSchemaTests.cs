using ForwardForward.Learning.Tests.Data;

namespace ForwardForward.Cluster.Tests.Deploy;

/// <summary>The manifests against the JSON schemas of Kubernetes' API, of the version in KubernetesSchema/package.json.</summary>
public sealed class KubernetesSchemaTests : IDisposable
{
    private const string Schema = "tests/ForwardForward.Cluster.Tests/Deploy/KubernetesSchema";
    private readonly TemporaryFolder _folder = new();

    [InstalledFact("npm")]
    public async Task Manifests_are_what_Kubernetes_says_that_its_objects_are()
    {
        foreach (var file in Directory.GetFiles(Repository.At(Schema)))
        {
            File.Copy(file, At(Path.GetFileName(file)));
        }

        (await Command.Run("npm", "ci", "--prefix", _folder.Root, "--no-audit", "--no-fund")).Succeeded();
        var files = Manifests.Files.Where(file => !file.Contains("/overlays/", StringComparison.Ordinal)).ToList(); // those are patches
        if (new InstalledFactAttribute("kubectl").Skip is null)
        {
            foreach (var overlay in Directory.GetDirectories(Repository.At("deploy/kubernetes/overlays")))
            {
                var rendered = (await Command.Run("kubectl", "kustomize", overlay)).Succeeded();
                files.Add(At($"{Path.GetFileName(overlay)}.yaml"));
                await File.WriteAllTextAsync(files[^1], rendered);
            }
        }

        var wrong = At("wrong.yaml");
        var silo = await File.ReadAllTextAsync(Repository.At("deploy/kubernetes/base/silo.yaml"));
        await File.WriteAllTextAsync(wrong, silo.Replace("replicas: 3", "replicas: three", StringComparison.Ordinal));

        var findings = (await Command.Run("node", [At("check.mjs"), .. files, wrong]))
            .Succeeded()
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.All(files, file => Assert.Contains(findings, finding => finding.StartsWith(file, StringComparison.Ordinal)));
        Assert.Equal(
            [$"{wrong}: StatefulSet silo: data/spec/replicas must be integer"],
            findings.Where(finding => !finding.EndsWith(": ok", StringComparison.Ordinal))
        );
    }

    public void Dispose() => _folder.Dispose();

    private string At(string name) => Path.Combine(_folder.Root, name);
}
