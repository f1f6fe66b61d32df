namespace SingleWindowBridge.Interop.Channels.Files;

/// <summary>
/// The places between two steps of which one may have been done and the other not. Nothing happens there but in a test, which kills
/// its process; the service has no way to set it.
/// </summary>
internal static class FaultPoint
{
    /// <summary>Called with the name of each place that is passed.</summary>
    public static Action<string>? Reached { get; set; }

    /// <summary>Passes a place.</summary>
    public static void At(string step, string place) => Reached?.Invoke($"{step}: {place}");
}
