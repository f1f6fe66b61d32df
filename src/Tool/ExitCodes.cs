namespace SingleWindowBridge.Tool;

/// <summary>What the program ends with.</summary>
internal static class ExitCodes
{
    public const int Done = 0;

    /// <summary>The bridge refused, or something failed; the standard error says what.</summary>
    public const int Failed = 1;

    public const int WrongCommandLine = 2;

    /// <summary>The bridge cannot be reached; the same call may do later.</summary>
    public const int Unreachable = 3;

    /// <summary>Ended by Ctrl+C.</summary>
    public const int Interrupted = 130;

    /// <summary>What is written is read no more, as after <c>| head</c>.</summary>
    public const int NotRead = 141;
}
