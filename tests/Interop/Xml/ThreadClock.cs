using System.Diagnostics;
using System.Runtime.InteropServices;

namespace SingleWindowBridge.Interop.Tests.Xml;

/// <summary>
/// The processor time of this thread on Linux: what an answer costs, whatever else the machine is busy with. The time on the wall
/// elsewhere.
/// </summary>
internal static class ThreadClock
{
    private const int ThreadCpuTime = 3;

    public static TimeSpan Now => OperatingSystem.IsLinux() && Read(ThreadCpuTime, out var time) == 0
        ? TimeSpan.FromSeconds(time.Seconds) + TimeSpan.FromTicks(time.Nanoseconds / 100)
        : Stopwatch.GetElapsedTime(0);

    [DllImport("libc", EntryPoint = "clock_gettime")]
    private static extern int Read(int clock, out Time time);

    [StructLayout(LayoutKind.Sequential)]
    private struct Time
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
