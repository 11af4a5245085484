using ForwardForward.Runtime.Checkpoints;
using ForwardForward.Runtime.Placement;

namespace ForwardForward.Runtime.Hosting;

/// <summary>
/// Holds what a silo says of its checkpoint folder against what it sees there: in a folder that is shared are the marks of the others.
/// Where it is not, no checkpoint of a run on several silos would ever be whole.
/// </summary>
internal sealed class SharedFolderCheck(SiloProfile profile, TimeProvider time)
{
    private static readonly TimeSpan MaxLook = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(250); // a mark is put back within a second
    private readonly FolderMark? _mark = profile.Checkpoints is { IsShared: true } place ? new FolderMark(place) : null;
    private readonly HashSet<SiloAddress> _seen = [];

    /// <summary>Leaves this silo's mark for others to see.</summary>
    public void Enter()
    {
        _mark?.ForgetEarlier();
        _mark?.Leave();
    }

    public void Stay() => _mark?.Leave();

    public void Leave() => _mark?.Remove();

    /// <param name="others">Who were there before this silo.</param>
    /// <param name="mustKnow">Whether a folder that cannot be read is one of others: afterwards it may be out of reach for a while.</param>
    /// <returns>With whom this silo cannot keep checkpoints and why; null where it can.</returns>
    public async Task<(SiloMember Beside, string Reason)?> Objection(
        IReadOnlyList<SiloMember> others,
        bool mustKnow,
        CancellationToken cancellation
    )
    {
        var told = others.Where(other => other.Profile.Checkpoints is not null).ToList();
        if (profile.Checkpoints is not { } own || told.Count == 0)
        {
            return null;
        }

        if (told.Find(other => other.Profile.Checkpoints!.IsShared != own.IsShared) is { } otherwise)
        {
            return (
                otherwise,
                $"{Setting(own)}, but {Setting(otherwise.Profile.Checkpoints!)} there; set it the same for all silos, false "
                    + "where they share no storage"
            );
        }

        return _mark is null || await Sees(told, mustKnow, cancellation) ? null : (told[0], NotShared(own, told[0]));
    }

    private async Task<bool> Sees(List<SiloMember> others, bool mustKnow, CancellationToken cancellation)
    {
        for (
            var started = time.GetTimestamp();
            !others.Exists(other => _seen.Contains(other.Address));
            await Task.Delay(Pace, time, cancellation)
        )
        {
            _mark!.Leave(); // two who look at the same time in a folder that was just emptied must find each other
            var looks = others.ConvertAll(other => (other.Address, IsThere: _mark.Sees(other.Profile.Checkpoints!)));
            _seen.UnionWith(looks.Where(look => look.IsThere == true).Select(look => look.Address));
            if (looks.TrueForAll(look => look.IsThere != true) && time.GetElapsedTime(started) > MaxLook)
            {
                return !mustKnow && looks.Exists(look => look.IsThere is null);
            }
        }

        return true;
    }

    private string NotShared(CheckpointPlace own, SiloMember other) =>
        $"its checkpoint folder {own.Folder} is said to be "
        + $"shared{(_mark!.Hindrance is { } why ? $" and cannot be written ({why})" : "")}, but what {other.Name} keeps in "
        + $"{other.Profile.Checkpoints!.Folder} is not to be seen there; "
        + "expected one folder on storage that both see, or FF_CHECKPOINTS_SHARED=false for every silo, which then keep copies "
        + "of each other's files";

    private static string Setting(CheckpointPlace place) =>
        $"FF_CHECKPOINTS_SHARED is {(place.IsShared ? "true" : "false")} ({place.Folder})";
}
