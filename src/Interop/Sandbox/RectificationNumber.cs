using System.Security.Cryptography;

namespace SingleWindowBridge.Interop.Sandbox;

/// <summary>整改统一编号: 18 capital letters and digits.</summary>
internal static class RectificationNumber
{
    private const int Length = 18;
    private const string Characters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

    /// <summary>A new number, which nobody can foresee.</summary>
    public static string New() => RandomNumberGenerator.GetString(Characters, Length);
}
