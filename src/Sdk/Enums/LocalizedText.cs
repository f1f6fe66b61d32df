namespace SingleWindowBridge;

/// <summary>One text in the two languages in which the bridge speaks.</summary>
/// <param name="Zh">Simplified Chinese (zh-CN).</param>
/// <param name="En">English (en).</param>
public sealed record LocalizedText(string Zh, string En)
{
    /// <summary>No text in either language.</summary>
    public static LocalizedText Empty { get; } = new("", "");

    /// <summary>Whether there is no text in either language.</summary>
    public bool IsEmpty => Zh.Length == 0 && En.Length == 0;

    /// <summary>The English text.</summary>
    public override string ToString() => En;
}
