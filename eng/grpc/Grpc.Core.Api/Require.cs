namespace Grpc.Core;

/// <summary>Argument checks that netstandard2.0 has no throw helpers for.</summary>
internal static class Require
{
    public static T NotNull<T>(T? value, string name)
        where T : class
        => value ?? throw new ArgumentNullException(name);
}
