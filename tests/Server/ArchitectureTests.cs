using System.Reflection;
using System.Security.Cryptography;
using SingleWindowBridge.Interop.Messages;

namespace SingleWindowBridge.Server.Tests;

/// <summary>Which part of the bridge may know which.</summary>
public sealed class ArchitectureTests
{
    [Fact]
    public void The_exchange_knows_neither_gRPC_nor_SQL_nor_the_server()
    {
        var used = References(typeof(Submission).Assembly);
        Assert.All(used, name => Assert.Matches(@"^(System(\.|$)|netstandard$|Microsoft\.Win32\.)", name));
    }

    [Fact]
    public void The_server_knows_the_exchange() =>
        Assert.Contains(typeof(Submission).Assembly.GetName().Name, References(typeof(Composition).Assembly));

    [Fact]
    public void An_engine_of_SQL_is_known_to_the_storage_alone()
    {
        var engines = new[] { "Microsoft.Data.Sqlite", "SQLitePCL", "Npgsql" };
        var knowing = typeof(Composition).Assembly.GetTypes()
            .Where(type => Used(type).Any(used =>
                engines.Any(engine => used.Namespace?.StartsWith(engine, StringComparison.Ordinal) == true)))
            .Select(type => type.Namespace).Distinct();
        Assert.Equal(["SingleWindowBridge.Server.Storage"], knowing);
    }

    [Fact]
    public void No_cipher_hash_signature_or_generator_for_secrets_is_made_here()
    {
        var kinds = new[]
        {
            typeof(HashAlgorithm), typeof(SymmetricAlgorithm), typeof(AsymmetricAlgorithm), typeof(RandomNumberGenerator), typeof(DeriveBytes),
        };
        foreach (var part in new[] { typeof(Composition).Assembly, typeof(Submission).Assembly })
            Assert.DoesNotContain(part.GetTypes(), type => kinds.Any(kind => kind.IsAssignableFrom(type)));

        // Where secrets are made and proven, chance is the system's.
        Assert.DoesNotContain(
            typeof(Composition).Assembly.GetTypes(),
            type => type.Namespace is "SingleWindowBridge.Server.Accounts" or "SingleWindowBridge.Server.Proof" && Used(type).Contains(typeof(Random)));
    }

    private static List<string> References(Assembly assembly) => [.. assembly.GetReferencedAssemblies().Select(name => name.Name!)];

    // What a type holds, takes, gives and keeps in its locals.
    private static IEnumerable<Type> Used(Type type)
    {
        const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;
        return type.GetFields(All).Select(field => field.FieldType)
            .Concat(type.GetMethods(All).Cast<MethodBase>().Concat(type.GetConstructors(All)).SelectMany(method =>
                method.GetParameters().Select(parameter => parameter.ParameterType)
                    .Concat(method is MethodInfo info ? [info.ReturnType] : [])
                    .Concat(method.GetMethodBody()?.LocalVariables.Select(local => local.LocalType) ?? [])));
    }
}
