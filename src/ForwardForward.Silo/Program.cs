using System.ComponentModel.DataAnnotations;
using ForwardForward.Learning;
using ForwardForward.Learning.Native;
using ForwardForward.Runtime.Hosting;
using ForwardForward.Silo;

const int Failed = 1, InvalidInput = 2, Unreachable = 3;
try
{
    await using var silo = await SiloHost.Build(args);
    var refusal = silo.Services.GetRequiredService<SiloRefusal>();
    await silo.RunAsync();
    return refusal.Sentence is { } sentence ? throw new SiloRefusedException(sentence) : 0;
}
catch (Exception e) when (e is LibTorchUnavailableException or InvalidInputException or ValidationException or SiloRefusedException)
{
    await Console.Error.WriteLineAsync(e.Message);
    return InvalidInput;
}
catch (RedisUnreachableException e)
{
    await Console.Error.WriteLineAsync(e.Message);
    return Unreachable;
}
catch (Exception e) when (!Traces.AreWanted)
{
    await Console.Error.WriteLineAsync(Traces.Sentence(e));
    return Failed;
}
