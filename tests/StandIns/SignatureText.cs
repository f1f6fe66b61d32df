using System.Collections.Immutable;
using System.Reflection.Metadata;

namespace SingleWindowBridge.StandIns.Tests;

/// <summary>
/// Writes the types in a signature as text, the same for the one who refers and the one who defines: full names without the
/// assembly, "struct" before value types, "!0" and "!!0" for type parameters. The context says what to put for those of the type.
/// </summary>
internal sealed class SignatureText : ISignatureTypeProvider<string, ImmutableArray<string>>
{
    /// <summary>The one there needs to be.</summary>
    public static readonly SignatureText Instance = new();

    private const byte ValueTypeKind = 0x11;

    /// <summary>A method's signature in one line.</summary>
    public static string Of(string name, MethodSignature<string> signature) =>
        (signature.Header.IsInstance ? "" : "static ")
        + $"{signature.ReturnType} {name}"
        + (signature.GenericParameterCount > 0 ? $"``{signature.GenericParameterCount}" : "")
        + $"({string.Join(", ", signature.ParameterTypes)})";

    /// <summary>A field's signature in one line.</summary>
    public static string Of(string name, string type) => $"field {type} {name}";

    /// <summary>The full name of a type that is referred to.</summary>
    public static string NameOf(MetadataReader reader, TypeReference type)
    {
        var name = reader.GetString(type.Name);
        if (type.ResolutionScope.Kind == HandleKind.TypeReference)
            return $"{NameOf(reader, reader.GetTypeReference((TypeReferenceHandle)type.ResolutionScope))}/{name}";
        return Join(reader.GetString(type.Namespace), name);
    }

    /// <summary>The full name of a type that is defined.</summary>
    public static string NameOf(MetadataReader reader, TypeDefinition type)
    {
        var name = reader.GetString(type.Name);
        return type.GetDeclaringType() is { IsNil: false } outer
            ? $"{NameOf(reader, reader.GetTypeDefinition(outer))}/{name}"
            : Join(reader.GetString(type.Namespace), name);
    }

    /// <inheritdoc/>
    public string GetPrimitiveType(PrimitiveTypeCode typeCode) => typeCode.ToString();

    /// <inheritdoc/>
    public string GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind) =>
        Kind(rawTypeKind) + NameOf(reader, reader.GetTypeDefinition(handle));

    /// <inheritdoc/>
    public string GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind) =>
        Kind(rawTypeKind) + NameOf(reader, reader.GetTypeReference(handle));

    /// <inheritdoc/>
    public string GetTypeFromSpecification(
        MetadataReader reader, ImmutableArray<string> genericContext, TypeSpecificationHandle handle, byte rawTypeKind) =>
        reader.GetTypeSpecification(handle).DecodeSignature(this, genericContext);

    /// <inheritdoc/>
    public string GetGenericInstantiation(string genericType, ImmutableArray<string> typeArguments) =>
        $"{genericType}<{string.Join(", ", typeArguments)}>";

    /// <inheritdoc/>
    public string GetGenericTypeParameter(ImmutableArray<string> genericContext, int index) =>
        genericContext.IsDefaultOrEmpty ? $"!{index}" : genericContext[index];

    /// <inheritdoc/>
    public string GetGenericMethodParameter(ImmutableArray<string> genericContext, int index) => $"!!{index}";

    /// <inheritdoc/>
    public string GetArrayType(string elementType, ArrayShape shape) => $"{elementType}[{new string(',', shape.Rank - 1)}]";

    /// <inheritdoc/>
    public string GetSZArrayType(string elementType) => $"{elementType}[]";

    /// <inheritdoc/>
    public string GetByReferenceType(string elementType) => $"{elementType}&";

    /// <inheritdoc/>
    public string GetPointerType(string elementType) => $"{elementType}*";

    /// <inheritdoc/>
    public string GetPinnedType(string elementType) => elementType;

    /// <inheritdoc/>
    public string GetModifiedType(string modifier, string unmodifiedType, bool isRequired) =>
        $"{unmodifiedType} {(isRequired ? "modreq" : "modopt")}({modifier})";

    /// <inheritdoc/>
    public string GetFunctionPointerType(MethodSignature<string> signature) => $"method {Of("*", signature)}";

    private static string Kind(byte rawTypeKind) => rawTypeKind == ValueTypeKind ? "struct " : "";

    private static string Join(string space, string name) => space.Length == 0 ? name : $"{space}.{name}";
}
