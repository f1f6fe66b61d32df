using SingleWindowBridge.Bench.Load;

// The same program is the benches and the server that they start in a process of its own.
switch (args.FirstOrDefault())
{
    case "server":
        await LoadServer.RunAsync(args[1..]);
        return 0;
    case "submit":
        await SubmitBench.RunAsync(args[1..]);
        return 0;
    case "feed":
        await FeedBench.RunAsync(args[1..]);
        return 0;
    case "overload":
        await OverloadBench.RunAsync(args[1..]);
        return 0;
    default:
        Console.Error.WriteLine("submit, feed or overload");
        return 2;
}
