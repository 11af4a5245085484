using ForwardForward.Experiments.Data.Sources;
using ForwardForward.Learning;

namespace ForwardForward.Experiments.Data;

/// <summary>Brings one known data set into its folder of the cache, or leaves the cache as it was.</summary>
internal sealed class Download(KnownDataSet data, string cacheFolder, Action<string> report)
{
    private readonly string _target = Path.Combine(cacheFolder, data.Name);

    /// <exception cref="InvalidInputException">No source has the files, or the cache cannot be written.</exception>
    public void Run(CancellationToken ct)
    {
        // Inside the cache, so that moving it into place is a rename.
        var temporary = Path.Combine(cacheFolder, $".{data.Name}-{Path.GetRandomFileName()}");
        try
        {
            var verified = Directory.CreateDirectory(Path.Combine(temporary, "verified")).FullName;
            FetchFromFirst(temporary, verified, ct);
            Install(verified);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException(
                $"The cache folder {cacheFolder} cannot be written ({e.Message.TrimEnd('.')}), expected one that can: set FF_DATA.",
                e
            );
        }
        finally
        {
            if (Directory.Exists(temporary))
            {
                Directory.Delete(temporary, recursive: true);
            }
        }
    }

    private void FetchFromFirst(string temporary, string verified, CancellationToken ct)
    {
        var failures = new List<string>();
        foreach (var source in data.Sources)
        {
            report($"{data.Name}: asking {source.Name}");
            if (Try(source, Path.Combine(temporary, $"{failures.Count}"), verified, ct) is not { } failure)
            {
                report($"{data.Name}: fetched from {source.Name}, verified by SHA-256, kept in {_target}");
                return;
            }

            report($"{data.Name}: {source.Name} does not serve ({failure})");
            failures.Add($"{source.Name} ({failure})");
        }

        throw new InvalidInputException(
            $"{data.Name} is not in {_target} and could not be fetched from {string.Join(", ", failures)}; " + data.Published.Remedy
        );
    }

    /// <returns>Why the source did not serve; null where it did.</returns>
    private string? Try(IDataSource source, string raw, string verified, CancellationToken ct)
    {
        try
        {
            source.Fetch(data.Published.Asked, Directory.CreateDirectory(raw).FullName, ct);
            data.Published.Take(raw, verified, ct);
            return null;
        }
        catch (Exception e)
        {
            ct.ThrowIfCancellationRequested();
            Empty(verified);
            return e.Message.ReplaceLineEndings(" ").Replace(raw + Path.DirectorySeparatorChar, "", StringComparison.Ordinal).TrimEnd('.');
        }
    }

    // The next source begins anew.
    private static void Empty(string folder)
    {
        Directory.Delete(folder, recursive: true);
        Directory.CreateDirectory(folder);
    }

    private void Install(string verified)
    {
        try
        {
            Directory.Move(verified, _target);
        }
        catch (IOException) when (Directory.Exists(_target))
        {
            // Another process was first, or a file is being repaired: every rename puts the published bytes there.
            foreach (var file in Directory.GetFiles(verified))
            {
                File.Move(file, Path.Combine(_target, Path.GetFileName(file)), overwrite: true);
            }
        }
    }
}
