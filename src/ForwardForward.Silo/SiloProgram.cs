using System.ComponentModel.DataAnnotations;
using ForwardForward.Learning;
using ForwardForward.Learning.Native;
using ForwardForward.Runtime.Hosting;

namespace ForwardForward.Silo;

/// <summary>A silo from its settings to its exit code; what ends it is one sentence on stderr.</summary>
public static class SiloProgram
{
    private const int Done = 0;
    private const int Failed = 1;
    private const int InvalidInput = 2;
    private const int Unreachable = 3;

    /// <param name="arguments">Settings, as <c>--Silo:Port 11111</c>; the environment and <c>appsettings.json</c> have others.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> Run(string[] arguments)
    {
        try
        {
            await using var silo = await SiloHost.Build(arguments);
            var refusal = silo.Services.GetRequiredService<SiloRefusal>();
            await silo.RunAsync();
            return refusal.Sentence is { } sentence ? throw new SiloRefusedException(sentence) : Done;
        }
        catch (Exception e) when (e is LibTorchUnavailableException or InvalidInputException or ValidationException or SiloRefusedException)
        {
            return await Ended(e.Message, InvalidInput);
        }
        catch (RedisUnreachableException e)
        {
            return await Ended(e.Message, Unreachable);
        }
        catch (Exception e) when (!Traces.AreWanted)
        {
            return await Ended(Traces.Sentence(e), Failed);
        }
    }

    private static async Task<int> Ended(string sentence, int exitCode)
    {
        await Console.Error.WriteLineAsync(sentence);
        return exitCode;
    }
}
