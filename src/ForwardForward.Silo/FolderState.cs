using System.Security.Cryptography;
using ForwardForward.Learning;
using ForwardForward.Runtime.Experiments;
using Orleans.Storage;

namespace ForwardForward.Silo;

/// <summary>
/// The state of runs in files of a folder that silos of one machine share, where there is no Redis: a run outlives the silo that has its
/// record. A write that did not see the one before is refused, as a Redis refuses it.
/// </summary>
/// <param name="folder">A file for each run.</param>
internal sealed class FolderState(string folder, IGrainStorageSerializer serializer) : IGrainStorage
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(10);

    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        using var held = await Hold(PathOf(stateName, grainId));
        var bytes = Bytes(PathOf(stateName, grainId));
        (grainState.RecordExists, grainState.ETag) = (bytes is not null, TagOf(bytes));
        grainState.State = bytes is null ? Activator.CreateInstance<T>() : serializer.Deserialize<T>(new BinaryData(bytes));
    }

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var path = PathOf(stateName, grainId);
        using var held = await Hold(path);
        RequireSeen(path, grainState);
        var bytes = serializer.Serialize(grainState.State).ToArray();
        WholeFile.Replace(path, [bytes]);
        (grainState.RecordExists, grainState.ETag) = (true, TagOf(bytes));
    }

    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var path = PathOf(stateName, grainId);
        using var held = await Hold(path);
        RequireSeen(path, grainState);
        File.Delete(path);
        (grainState.RecordExists, grainState.ETag, grainState.State) = (false, null, Activator.CreateInstance<T>());
    }

    public static ISiloBuilder Use(ISiloBuilder silo, string folder)
    {
        silo.Services.AddKeyedSingleton<IGrainStorage>(
            RunRecord.Storage,
            (services, _) =>
                new FolderState(
                    Directory.CreateDirectory(folder).FullName,
                    new OrleansGrainStorageSerializer(services.GetRequiredService<Orleans.Serialization.Serializer>())
                )
        );
        return silo;
    }

    private static byte[]? Bytes(string path) => File.Exists(path) ? File.ReadAllBytes(path) : null;

    private static string? TagOf(byte[]? bytes) => bytes is null ? null : Convert.ToHexStringLower(SHA256.HashData(bytes));

    private static void RequireSeen<T>(string path, IGrainState<T> grainState)
    {
        if (TagOf(Bytes(path)) is var there && there != grainState.ETag)
        {
            throw new InconsistentStateException("Another silo has written the record since it was read.", there, grainState.ETag);
        }
    }

    // Between the processes of a machine; a silo that is killed lets go of it.
    private static async Task<FileStream> Hold(string path)
    {
        while (true)
        {
            try
            {
                return new FileStream($"{path}.lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1);
            }
            catch (IOException)
            {
                await Task.Delay(Pace);
            }
        }
    }

    private string PathOf(string stateName, GrainId grainId) => Path.Combine(folder, Uri.EscapeDataString($"{grainId}.{stateName}"));
}
