using System.Globalization;
using ForwardForward.Client.Processes;
using ForwardForward.Console.Verbs;
using ForwardForward.Experiments.Data;
using ForwardForward.Learning.Recipes;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Console.Doctor;

/// <summary>Where runs, data and listeners find room.</summary>
internal static class Room
{
    private const long DiskOfARun = 500_000_000; // two checkpoints and the one being written, of the widest preset
    private const string Plain = TrainVerb.DefaultPreset;

    public static Finding Memory() => Memory(FreeMemory(), NeededMemory());

    /// <param name="free">Bytes that a run could have.</param>
    /// <param name="needed">Bytes that the plainest run takes.</param>
    public static Finding Memory(long free, long needed)
    {
        var what = $"{Gigabytes(free)} free";
        return free >= needed
            ? new("memory", true, what, null) { IsNeeded = true }
            : new(
                "memory",
                false,
                what,
                $"{Plain} takes {Gigabytes(needed)}: end other programs, or train narrower layers (--set layers=500,500)."
            )
            {
                IsNeeded = true,
            };
    }

    /// <param name="folder">Where runs are kept.</param>
    public static Finding Disk(string folder)
    {
        var shown = Path.GetFullPath(folder);
        var free = new DriveInfo(shown).AvailableFreeSpace;
        if (!IsWritable(folder))
        {
            return new(
                "disk",
                false,
                $"{shown} cannot be written",
                "A run keeps its files there: call ff in another folder, or use --out DIR."
            )
            {
                IsNeeded = true,
            };
        }

        var what = $"{Gigabytes(free)} free for runs in {shown}";
        return free >= DiskOfARun
            ? new("disk", true, what, null) { IsNeeded = true }
            : new("disk", false, what, $"Checkpoints of a run take up to {Gigabytes(DiskOfARun)}: make room, or use --out DIR.")
            {
                IsNeeded = true,
            };
    }

    /// <param name="known">The data sets that have a name.</param>
    /// <param name="cache">Where they are kept.</param>
    public static Finding Data(IReadOnlyList<DataSetInfo> known, string cache)
    {
        var here = known.Where(data => data.Complete).Select(data => data.Name).ToList();
        var what = $"{(here.Count == 0 ? "none" : string.Join(", ", here))} in {cache}";
        var wanted = Presets.Get(Plain).Dataset;
        if (here.Contains(wanted))
        {
            return new("data", true, what, null);
        }

        return IsWritable(Nearest(cache))
            ? new(
                "data",
                false,
                what,
                $"`ff train` fetches {wanted} (12 MB) the first time, for which it needs the network; `ff data get {wanted}` does it now."
            )
            : new(
                "data",
                false,
                what,
                $"{wanted} has to be fetched, and nothing can be written there: set FF_DATA to a folder of your own."
            )
            {
                IsNeeded = true,
            };
    }

    /// <param name="usual">The ports that a cluster tries first, and what listens there.</param>
    public static Finding Ports(IReadOnlyList<(int Port, string Whose)> usual)
    {
        var taken = usual.Where(one => !FreePorts.IsFree(one.Port)).ToList();
        return taken.Count == 0
            ? new("ports", true, $"{string.Join(", ", usual.Select(Text))}: free", null)
            : new("ports", true, $"{string.Join(", ", taken.Select(Text))}: taken, `ff cluster up` takes the next that are free", null);

        static string Text((int Port, string Whose) one) => string.Create(CultureInfo.InvariantCulture, $"{one.Port} ({one.Whose})");
    }

    private static long NeededMemory()
    {
        const int Train = 60_000,
            Test = 10_000,
            Pixels = 784,
            Classes = 10;
        var spec = Presets.Get(Plain);
        return MemoryEstimate.Of(spec, new SlotPlan(spec, Train, Test, Classes), Train + Test, Pixels, Classes).Sum(part => part.Bytes);
    }

    // Of the machine, or of the container that this process is in.
    private static long FreeMemory()
    {
        var limit = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        const string Memory = "/proc/meminfo",
            Available = "MemAvailable:";
        return
            File.Exists(Memory)
            && File.ReadLines(Memory).FirstOrDefault(line => line.StartsWith(Available, StringComparison.Ordinal)) is { } line
            ? Math.Min(
                limit,
                1024 * long.Parse(line[Available.Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture)
            )
            : limit;
    }

    private static string Nearest(string folder)
    {
        for (var nearest = Path.GetFullPath(folder); ; nearest = Path.GetDirectoryName(nearest)!)
        {
            if (Directory.Exists(nearest))
            {
                return nearest;
            }
        }
    }

    private static bool IsWritable(string folder)
    {
        try
        {
            using var _ = new FileStream(
                Path.Combine(folder, $".ff-doctor-{Environment.ProcessId}"),
                new FileStreamOptions
                {
                    Mode = FileMode.CreateNew,
                    Access = FileAccess.Write,
                    Options = FileOptions.DeleteOnClose,
                }
            );
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static string Gigabytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:0.0} GB");
}
