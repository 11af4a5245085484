// With the contract that the test names, as if messages, records or specs of a run were others than those of the version before.
var contract = int.Parse(Environment.GetEnvironmentVariable("NEXT_CONTRACT")!, System.Globalization.CultureInfo.InvariantCulture);
return await ForwardForward.Silo.SiloProgram.Run(args, profile => profile with { Contract = contract });
