using SingleWindowBridge.Bench.Wire;

// The same program is the bench and the two hosts that it starts beside the real server.
switch (args.FirstOrDefault())
{
    case "bare":
        await Hosts.RunBareAsync(args[1..]);
        return 0;
    case "bridge":
        await Hosts.RunBridgeAsync(args[1..]);
        return 0;
    default:
        return await WireBench.RunAsync();
}
