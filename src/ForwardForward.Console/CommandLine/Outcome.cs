using System.CommandLine;
using ForwardForward.Client;
using ForwardForward.Console.Clusters;
using ForwardForward.Learning;

namespace ForwardForward.Console.CommandLine;

/// <summary>Runs a verb; the one place where what went wrong becomes a sentence on stderr and an exit code.</summary>
internal static class Outcome
{
    public static Task<int> Of(ParseResult command) => Of(command, new InvocationConfiguration());

    /// <param name="streams">Where it writes to.</param>
    public static async Task<int> Of(ParseResult command, InvocationConfiguration streams)
    {
        if (command.Action is not (HelpWithExample or SuggestedWords) && UsageError.Of(command) is { } wrong)
        {
            return Refuse(ExitCode.InvalidInput, wrong);
        }

        using var interruption = new Interruption();
        (streams.EnableDefaultExceptionHandler, streams.ProcessTerminationTimeout) = (false, null);
        try
        {
            Plugins.Load(command);
            return await command.InvokeAsync(streams, interruption.Token);
        }
        catch (InvalidInputException e)
        {
            return Refuse(ExitCode.InvalidInput, e.Message);
        }
        catch (ClusterUnreachableException e)
        {
            return Refuse(ExitCode.Unreachable, e.Message);
        }
        catch (OperationCanceledException) when (interruption.Token.IsCancellationRequested)
        {
            return Refuse(ExitCode.Interrupted, "Interrupted.");
        }
        catch (OrleansException e)
        {
            return Refuse(ExitCode.RunFailed, ClusterFailure.Sentence(e));
        }
        catch (Exception e)
        {
            return Refuse(ExitCode.RunFailed, e.Message);
        }

        int Refuse(int exitCode, string sentence)
        {
            streams.Error.WriteLine(Called.In(sentence.ReplaceLineEndings(" ")));
            return exitCode;
        }
    }
}
