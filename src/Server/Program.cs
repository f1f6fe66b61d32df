return await SingleWindowBridge.Server.ServerProgram.RunAsync(args);
