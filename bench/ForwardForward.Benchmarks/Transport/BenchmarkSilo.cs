namespace ForwardForward.Benchmarks.Transport;

/// <summary>The silo that also has the grains which only benchmarks need; no silo that is deployed has them.</summary>
public static class BenchmarkSilo
{
    /// <summary>Lies beside every program that starts one, and takes the settings of any silo.</summary>
    public const string Program = "ForwardForward.Benchmarks.Silo.dll";
}
