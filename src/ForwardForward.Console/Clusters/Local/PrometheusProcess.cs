using System.Text.Json;
using ForwardForward.Client.Processes;
using ForwardForward.Learning;

namespace ForwardForward.Console.Clusters.Local;

/// <summary>A Prometheus that watches the silos of a cluster, with the rules that containers have.</summary>
internal static class PrometheusProcess
{
    public const string Name = "prometheus";

    /// <param name="folder">For its configuration and its data; made where it is missing.</param>
    /// <param name="address">HOST:PORT that it listens on.</param>
    /// <exception cref="InvalidInputException">Prometheus is not installed.</exception>
    public static ProcessMark Start(string folder, string address, IEnumerable<LocalSilo> silos, string log)
    {
        var data = Directory.CreateDirectory(folder).FullName;
        var targets = silos.Select(silo => new { targets = new[] { new Uri(silo.Http).Authority }, labels = new { silo = silo.Name } });
        WholeFile.Replace(Path.Combine(data, "silos.json"), JsonSerializer.Serialize(targets));
        Array.ForEach(["prometheus.yml", "rules.yml"], file => File.Copy(ShippedFile.At(file), Path.Combine(data, file), overwrite: true));
        return BackgroundProcess.Start(
            Name,
            Name,
            [$"--config.file={data}/prometheus.yml", $"--storage.tsdb.path={data}/data", $"--web.listen-address={address}"],
            log
        );
    }
}
