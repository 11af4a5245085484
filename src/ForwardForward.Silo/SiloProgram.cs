using System.ComponentModel.DataAnnotations;
using System.Reflection;
using ForwardForward.Learning;
using ForwardForward.Learning.Native;
using ForwardForward.Runtime.Hosting;
using ForwardForward.Runtime.Placement;

namespace ForwardForward.Silo;

/// <summary>A silo from its settings to its exit code; what ends it is one sentence on stderr.</summary>
public static class SiloProgram
{
    private const int Done = 0;
    private const int Failed = 1;
    private const int InvalidInput = 2;
    private const int Unreachable = 3;

    /// <summary>Of the program that this silo is: all of its assemblies have one.</summary>
    internal static string Version =>
        (Assembly.GetEntryAssembly() ?? typeof(SiloProgram).Assembly).GetName().Version!.ToString(fieldCount: 3);

    /// <param name="arguments">Settings, as <c>--Silo:Port 11111</c>; the environment and <c>appsettings.json</c> have others.</param>
    /// <returns>The exit code.</returns>
    public static Task<int> Run(string[] arguments) => Run(arguments, profile => profile);

    /// <param name="tells">Makes what the silo tells the others of itself.</param>
    /// <inheritdoc cref="Run(string[])"/>
    internal static async Task<int> Run(string[] arguments, Func<SiloProfile, SiloProfile> tells)
    {
        try
        {
            await using var silo = await SiloHost.Build(arguments, tells);
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
