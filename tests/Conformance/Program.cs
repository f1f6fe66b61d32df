using SingleWindowBridge.Conformance;

// server PORT             serves the interoperability cases until it is ended
// client PORT CASE ...    runs cases against a server and prints a line for each: case, then "ok" or what went wrong
switch (args)
{
    case ["server", var port]:
        await InteropServer.RunAsync(int.Parse(port, System.Globalization.CultureInfo.InvariantCulture));
        return 0;
    case ["client", var port, .. var cases]:
        return await InteropClient.RunAsync($"http://127.0.0.1:{port}", cases);
    default:
        Console.Error.WriteLine("usage: server PORT | client PORT CASE ...");
        return 2;
}
