return await ForwardForward.Silo.SiloProgram.Run(args);
