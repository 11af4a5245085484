using ForwardForward.Contracts.Experiments;
using ForwardForward.Learning;
using ForwardForward.Runtime.Placement;

namespace ForwardForward.Runtime.Experiments;

/// <summary>Refuses what a later version of the program has written or asked for, rather than misunderstand it.</summary>
internal static class RunContract
{
    /// <exception cref="InvalidInputException">The run was taken up by a silo of a later contract than this one.</exception>
    public static void Require(RunRecord record, string run, string silo, SiloProfile profile)
    {
        if (!IsUnderstood(record, profile))
        {
            throw new InvalidInputException(
                $"The run '{run}' was taken up by version {record.Version} with contract {record.Contract}, and the silo {silo} is of "
                    + $"version {profile.Version} with contract {profile.Contract}: expected a silo of the later version."
            );
        }
    }

    /// <exception cref="InvalidInputException">Whoever asks is of a later contract than the silo.</exception>
    public static void Require(RunRequest request, string silo, SiloProfile profile)
    {
        if (request.Contract > profile.Contract)
        {
            throw new InvalidInputException(
                $"The silo {silo} is of version {profile.Version} with contract {profile.Contract}, which may misunderstand a spec of "
                    + $"contract {request.Contract}: expected a console of the cluster's version, or silos of the console's."
            );
        }
    }

    public static bool IsUnderstood(RunRecord record, SiloProfile profile) => record.Contract <= profile.Contract;
}
