using System.Reflection;

namespace SingleWindowBridge.Sdk.Tests;

public sealed class PublicSurfaceTests
{
    private static readonly Assembly Sdk = typeof(SingleWindowClient).Assembly;

    [Fact]
    public async Task ThePublicSurfaceIsTheOneWrittenDown()
    {
        var actual = PublicApi.Describe(Sdk);
        var path = Path.Combine(AppContext.BaseDirectory, "PublicApi.txt");
        var received = Path.Combine(AppContext.BaseDirectory, "PublicApi.received.txt");
        if (File.Exists(path) && (await File.ReadAllTextAsync(path)).ReplaceLineEndings("\n") == actual)
            return;
        await File.WriteAllTextAsync(received, actual);
        Assert.Fail($"The public surface has changed. Where that is meant, put {received} in the place of tests/Sdk/PublicApi.txt.");
    }

    [Fact]
    public void NoGeneratedOrGrpcTypeIsPublic()
    {
        string[] foreign = ["SingleWindow.", "Google.", "Grpc.", "SingleWindowBridge.Rich"];
        var leaks =
            from type in Sdk.GetExportedTypes()
            from named in Named(type).Append(type)
            from used in Parts(named)
            where foreign.Any(prefix => (used.Namespace ?? "").StartsWith(prefix.TrimEnd('.'), StringComparison.Ordinal)
                && !(used.Namespace ?? "").Equals("SingleWindowBridge", StringComparison.Ordinal)
                && !(used.Namespace ?? "").Equals("SingleWindowBridge.Testing", StringComparison.Ordinal))
            select $"{type.FullName} shows {used.FullName}";
        Assert.Empty(leaks);
    }

    [Fact]
    public void EveryPublicTypeIsInOurNamespaces() => Assert.All(
        Sdk.GetExportedTypes(),
        type => Assert.Contains(type.Namespace, new[] { "SingleWindowBridge", "SingleWindowBridge.Testing" }));

    [Fact]
    public void EveryTopicCanBeReplaced()
    {
        foreach (var topic in typeof(ISingleWindowClient).GetProperties())
            Assert.True(topic.PropertyType.IsInterface, $"{topic.Name} is not an interface.");
    }

    [Fact]
    public void EveryExceptionIsASingleWindowExceptionAndCanBeMadeByATest()
    {
        var exceptions = Sdk.GetExportedTypes().Where(type => type.IsAssignableTo(typeof(Exception))).ToList();
        Assert.NotEmpty(exceptions);
        foreach (var type in exceptions)
        {
            Assert.True(
                type.IsAssignableTo(typeof(SingleWindowException)) || type == typeof(ChangeCanceledException), type.Name);
            Assert.NotEmpty(type.GetConstructors());
        }
    }

    private static IEnumerable<Type> Named(Type type)
    {
        const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static
            | BindingFlags.DeclaredOnly;
        if (type.BaseType is { } parent)
            yield return parent;
        foreach (var implemented in type.GetInterfaces())
            yield return implemented;
        foreach (var method in type.GetMethods(All).Cast<MethodBase>().Concat(type.GetConstructors(All)))
        {
            if (!(method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly))
                continue;
            foreach (var parameter in method.GetParameters())
                yield return parameter.ParameterType;
            if (method is MethodInfo { ReturnType: var returned })
                yield return returned;
        }

        foreach (var field in type.GetFields(All).Where(field => field.IsPublic || field.IsFamily))
            yield return field.FieldType;
    }

    private static IEnumerable<Type> Parts(Type type)
    {
        yield return type;
        if (type.HasElementType)
        {
            foreach (var part in Parts(type.GetElementType()!))
                yield return part;
        }

        foreach (var part in type.GetGenericArguments().Where(argument => !argument.IsGenericParameter).SelectMany(Parts))
            yield return part;
    }
}
