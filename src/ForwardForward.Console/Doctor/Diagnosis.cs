using ForwardForward.Console.Clusters.Local;
using ForwardForward.Console.Runs;
using ForwardForward.Experiments.Data;

namespace ForwardForward.Console.Doctor;

/// <summary>Looks at everything that this machine has or lacks for one of the verbs.</summary>
internal static class Diagnosis
{
    private const string OnDebian = "on Debian: apt-get install";

    /// <summary>Loads libtorch, starts no program but dotnet, and goes to no network.</summary>
    public static IReadOnlyList<Finding> OfThisMachine()
    {
        var libtorch = Computing.LibTorch(); // what computes is known only once it is loaded
        return
        [
            Programs.Sdk(),
            libtorch,
            Computing.LibStdCpp(),
            Computing.InstructionSets(),
            Computing.Gpu(isLoaded: libtorch.Ok),
            Programs.Redis(
                $"`ff cluster up` starts one, in which the silos meet; without it they meet in the first silo, for trying out; {OnDebian} "
                    + "redis-server (or valkey-server), or give it --redis HOST:PORT."
            ),
            Programs.OnThePath(
                "prometheus",
                $"`ff cluster up --prometheus` starts one, which keeps what the silos measure; {OnDebian} prometheus."
            ),
            Room.Memory(),
            Room.Disk(Directory.Exists(RunFolder.Runs) ? RunFolder.Runs : "."),
            Room.Data(new DataSets(DataSets.DefaultCacheFolder).List(), DataSets.DefaultCacheFolder),
            Room.Ports(LocalCluster.UsualPorts),
        ];
    }
}
