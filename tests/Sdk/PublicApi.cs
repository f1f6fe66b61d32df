using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;

namespace SingleWindowBridge.Sdk.Tests;

/// <summary>Writes a public surface down, a line a member, so that every change of it is seen in review.</summary>
internal static class PublicApi
{
    private static readonly NullabilityInfoContext Nullability = new();

    public static string Describe(Assembly assembly)
    {
        var text = new StringBuilder();
        foreach (var type in assembly.GetExportedTypes().OrderBy(type => type.FullName, StringComparer.Ordinal))
        {
            text.Append($"{Kind(type)} {Name(type)}");
            if (type.BaseType is { } parent && parent != typeof(object) && parent != typeof(ValueType) && !type.IsEnum)
                text.Append($" : {Name(parent)}");
            text.Append('\n');
            foreach (var line in Members(type).Distinct().Order(StringComparer.Ordinal))
                text.Append($"    {line}\n");
        }

        return text.ToString();
    }

    private static IEnumerable<string> Members(Type type)
    {
        if (type.IsEnum)
        {
            foreach (var name in Enum.GetNames(type))
                yield return $"{name} = {Convert.ToInt32(Enum.Parse(type, name), null)}";
            yield break;
        }

        const BindingFlags Declared = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        foreach (var constructor in type.GetConstructors(Declared))
            yield return $"new({Parameters(constructor)})";
        foreach (var property in type.GetProperties(Declared))
            yield return $"{Name(property.PropertyType, Nullability.Create(property))} {property.Name} {Accessors(property)}";
        foreach (var field in type.GetFields(Declared))
            yield return $"{Name(field.FieldType)} {field.Name} const";
        foreach (var method in type.GetMethods(Declared))
        {
            if (!method.IsSpecialName && !method.IsDefined(typeof(CompilerGeneratedAttribute)))
                yield return $"{Name(method.ReturnType, Nullability.Create(method.ReturnParameter))} {method.Name}({Parameters(method)})";
        }
    }

    private static string Kind(Type type) =>
        type.IsEnum ? "enum"
        : type.IsInterface ? "interface"
        : type is { IsAbstract: true, IsSealed: true } ? "static class"
        : type.GetMethod("<Clone>$") is not null ? (type.IsAbstract ? "abstract record" : "record")
        : type.IsValueType ? "struct"
        : "class";

    private static string Accessors(PropertyInfo property)
    {
        var set = property.SetMethod is not { IsPublic: true } setter ? ""
            : setter.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) ? " init;"
            : " set;";
        var required = property.IsDefined(typeof(RequiredMemberAttribute)) ? " required" : "";
        return $"{{ get;{set} }}{required}";
    }

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(parameter =>
        $"{Name(parameter.ParameterType, Nullability.Create(parameter))} {parameter.Name}{(parameter.IsOptional ? " = ..." : "")}"));

    private static string Name(Type type, NullabilityInfo? nullability = null)
    {
        var mark = nullability?.ReadState == NullabilityState.Nullable && !type.IsValueType ? "?" : "";
        if (Nullable.GetUnderlyingType(type) is { } underlying)
            return Name(underlying) + "?";
        if (type.IsArray)
            return Name(type.GetElementType()!) + "[]" + mark;
        var name = type.IsNested && !type.IsGenericParameter ? $"{Name(type.DeclaringType!)}.{type.Name}" : type.Name;
        if (type.Namespace == "SingleWindowBridge.Testing" && !type.IsNested)
            name = $"Testing.{name}";
        if (!type.IsGenericType)
            return name + mark;
        var arguments = type.GetGenericArguments().Select((argument, i) =>
            Name(argument, nullability?.GenericTypeArguments.ElementAtOrDefault(i)));
        return $"{name[..name.IndexOf('`', StringComparison.Ordinal)]}<{string.Join(", ", arguments)}>{mark}";
    }
}
