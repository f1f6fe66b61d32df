using SingleWindowBridge.Bench.Flood;

// The same program is the bench and, in processes of their own, the floods that it makes by hand.
if (args is ["flood", ..])
{
    await RawFlood.RunAsync(args[1], int.Parse(args[2], System.Globalization.CultureInfo.InvariantCulture), args[3], args[4]);
    return;
}

await FloodBench.RunAsync(args);
