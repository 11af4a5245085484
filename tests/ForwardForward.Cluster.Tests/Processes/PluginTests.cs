using System.Buffers.Binary;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using ForwardForward.Contracts.Experiments;

namespace ForwardForward.Cluster.Tests.Processes;

/// <summary>Plug-ins of which a silo has another version than the run, or that fail on one silo.</summary>
public sealed class PluginTests
{
    private static readonly string OwnParts = Plugin("OwnParts");
    private static readonly string FragilePart = Plugin("ForwardForward.FragilePart");

    [RedisFact]
    public Task A_run_neither_begins_nor_goes_on_where_a_silo_has_another_version_of_its_plug_in_and_loses_nothing_by_it() =>
        FragileCluster.With(
            0,
            async (cluster, _) =>
            {
                string[] own = ["--plugin", OwnParts, "--set", "negatives.kind=nearby", "--set", "epochs=300"];
                cluster.Plugins = OwnParts;
                var first = await cluster.StartSilo("silo-1");
                await cluster.Train(first, "own", own);
                await first.Until("own", run => run.LastCheckpointSlot is not null);
                first.Process.Kill();

                cluster.Plugins = AnotherVersion(OwnParts, cluster.At("OwnParts.dll"));
                var second = await cluster.StartSilo("silo-2");
                await second.Says("The run cannot be taken up again: The plug-in OwnParts");
                var waiting = await second.Until("own", _ => true);
                var refused = await cluster.Console.Run([.. LocalClusterFixture.Request("--cluster", second.Gateway), .. own]);
                cluster.Plugins = OwnParts;
                await cluster.StartSilo("silo-1", first.Place);
                var done = await cluster.EndsAsTheReference(second, "own", own);

                const string Sentence =
                    @"The plug-in OwnParts 0\.1\.0 \([0-9a-f]{12}\) is there as OwnParts 9\.1\.0 \([0-9a-f]{12}\) on the silo silo-2";
                Assert.Equal(2, refused.ExitCode);
                Assert.Matches($@"^{Sentence}; expected it in FF_PLUGINS of every silo\.\n$", refused.Error);
                Assert.Equal(RunState.Recovering, waiting.State);
                Assert.Matches($"{Sentence}, with which the run began", second.Said("cannot be taken up again: The plug-in")[0]);
                Assert.Equal(["silo-1"], done.Plan.Select(place => place.Silo).Distinct());
                Assert.True(done.Recoveries > 0, "The loss was not noticed.");
            }
        );

    [RedisFact]
    public Task A_plug_in_that_throws_on_one_silo_in_the_middle_of_a_run_ends_that_run_by_one_sentence_and_no_other() =>
        FragileCluster.With(
            0,
            async (cluster, _) =>
            {
                string[] few = ["--set", "epochs=100"];
                cluster.Plugins = FragilePart;
                var silos = await cluster.StartSilos("silo-1", "silo-2");
                await cluster.Train(silos[0], "sound", few);

                var thrown = await cluster.Console.Run([
                    .. LocalClusterFixture.Request("--cluster", silos[0].Gateway, "--json"),
                    "--plugin",
                    FragilePart,
                    "--set",
                    "goodness.kind=fragile",
                ]);
                var sound = await cluster.EndsAsTheReference(silos[0], "sound", few);

                Assert.Equal(1, thrown.ExitCode);
                Assert.Matches(
                    @"(?m)^The plug-in ForwardForward\.FragilePart 0\.1\.0 \([0-9a-f]{12}\) has failed at slot "
                        + @"[1-9]\d*: it was made to, in the layer \d on silo-2\.$",
                    thrown.Error
                );
                Assert.Equal(
                    ("failed", 0),
                    (thrown.Json.GetProperty("state").GetString(), thrown.Json.GetProperty("recoveries").GetInt32())
                );
                Assert.Equal((0, 2), (sound.Recoveries, sound.Plan.Select(place => place.Silo).Distinct().Count()));
            }
        );

    private static string Plugin(string name) => Path.Combine(AppContext.BaseDirectory, "plugins", $"{name}.dll");

    // The same code under version 9.1.0, which stands in the one row of the table of assemblies: behind the algorithm of its hash.
    private static string AnotherVersion(string assembly, string copy)
    {
        var bytes = File.ReadAllBytes(assembly);
        using (var portable = new PEReader(new MemoryStream(bytes)))
        {
            var row = portable.PEHeaders.MetadataStartOffset + portable.GetMetadataReader().GetTableMetadataOffset(TableIndex.Assembly);
            BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(row + sizeof(int)), 9);
        }

        File.WriteAllBytes(copy, bytes);
        return copy;
    }
}
