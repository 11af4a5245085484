using ForwardForward.Learning.Checkpoints;

namespace ForwardForward.Fuzz.Targets;

/// <summary>Manifests of checkpoints: as they come, and with a right seal, behind which nothing else would be looked at.</summary>
internal sealed class ManifestTarget : ITarget
{
    public IReadOnlyList<byte[]> Seeds { get; } =
    [
        ManifestText.Write(
            new CheckpointManifest(
                "lucky",
                3,
                500,
                "cpu avx512",
                """{ "layers": [32, 16] }""",
                [new CheckpointFile("layer-1.safetensors", 4096, new string('a', 64))]
            )
            {
                Journal = """[{"slot":1}]""",
            }
        ),
        ManifestText.Write(
            new CheckpointManifest(
                "x",
                1,
                1,
                "",
                "{}",
                [new CheckpointFile("readout.safetensors", 1, new string('0', 64)) { Holders = ["silo-1", "silo-2"] }]
            )
        ),
    ];

    public void Decode(byte[] input)
    {
        foreach (var text in new[] { input, ManifestText.Seal(input) })
        {
            try
            {
                if (ManifestText.Read(text, "input").Manifest is { } manifest)
                {
                    Finding.Unless(
                        ManifestText.Read(ManifestText.Write(manifest), "again").Manifest?.Run == manifest.Run,
                        "it is another one when it is written again"
                    );
                }
            }
            catch (CheckpointException) { }
        }
    }
}
