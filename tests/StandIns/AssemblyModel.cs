using System.Collections.Immutable;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace SingleWindowBridge.StandIns.Tests;

/// <summary>An assembly as its metadata tells of it; it is never loaded.</summary>
internal sealed class AssemblyModel : IDisposable
{
    private readonly PEReader file;

    /// <summary>Reads an assembly.</summary>
    public AssemblyModel(string path)
    {
        file = new PEReader(File.OpenRead(path));
        Reader = file.GetMetadataReader();
        Name = AssemblyName.GetAssemblyName(path);
        Types = Reader.TypeDefinitions.Select(handle => new TypeModel(Reader, handle)).ToDictionary(type => type.Name);
        Forwarded = Reader.ExportedTypes.Select(Reader.GetExportedType).Where(type => type.IsForwarder)
            .Select(type => $"{Reader.GetString(type.Namespace)}.{Reader.GetString(type.Name)}").ToHashSet();
    }

    /// <summary>The metadata.</summary>
    public MetadataReader Reader { get; }

    /// <summary>Name, version and key.</summary>
    public AssemblyName Name { get; }

    /// <summary>The types by full name.</summary>
    public IReadOnlyDictionary<string, TypeModel> Types { get; }

    /// <summary>The types that now live in another assembly.</summary>
    public IReadOnlySet<string> Forwarded { get; }

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();
}

/// <summary>A type that somebody names, the assembly it is looked for in, and its arguments where it is generic.</summary>
internal sealed record TypeUse(string Assembly, string Name, ImmutableArray<string> Arguments)
{
    /// <summary>Reads the name of a type; null for what is no named type, such as an array.</summary>
    public static TypeUse? Read(MetadataReader reader, EntityHandle handle, ImmutableArray<string> context)
    {
        switch (handle.Kind)
        {
            case HandleKind.TypeReference:
                var type = reader.GetTypeReference((TypeReferenceHandle)handle);
                return new TypeUse(AssemblyOf(reader, type), SignatureText.NameOf(reader, type), []);
            case HandleKind.TypeDefinition:
                var own = reader.GetString(reader.GetAssemblyDefinition().Name);
                return new TypeUse(own, SignatureText.NameOf(reader, reader.GetTypeDefinition((TypeDefinitionHandle)handle)), []);
            default:
                var blob = reader.GetBlobReader(reader.GetTypeSpecification((TypeSpecificationHandle)handle).Signature);
                if (blob.ReadSignatureTypeCode() != SignatureTypeCode.GenericTypeInstance)
                    return null;

                blob.ReadCompressedInteger(); // Class or value type.
                var generic = Read(reader, blob.ReadTypeHandle(), context)!;
                var decoder = new SignatureDecoder<string, ImmutableArray<string>>(SignatureText.Instance, reader, context);
                var arguments = ImmutableArray.CreateBuilder<string>();
                for (var left = blob.ReadCompressedInteger(); left > 0; left--)
                    arguments.Add(decoder.DecodeType(ref blob));
                return generic with { Arguments = arguments.ToImmutable() };
        }
    }

    /// <summary>The assembly that a type is referred to in.</summary>
    public static string AssemblyOf(MetadataReader reader, TypeReference type) => type.ResolutionScope.Kind switch
    {
        HandleKind.AssemblyReference => reader.GetString(reader.GetAssemblyReference((AssemblyReferenceHandle)type.ResolutionScope).Name),
        HandleKind.TypeReference => AssemblyOf(reader, reader.GetTypeReference((TypeReferenceHandle)type.ResolutionScope)),
        _ => "",
    };
}

/// <summary>A type that an assembly defines.</summary>
internal sealed class TypeModel(MetadataReader reader, TypeDefinitionHandle handle)
{
    private readonly TypeDefinition definition = reader.GetTypeDefinition(handle);

    /// <summary>The full name.</summary>
    public string Name { get; } = SignatureText.NameOf(reader, reader.GetTypeDefinition(handle));

    /// <summary>Abstract, sealed, interface and so on.</summary>
    public TypeAttributes Attributes => definition.Attributes;

    /// <summary>Whether it is an interface.</summary>
    public bool IsInterface => Attributes.HasFlag(TypeAttributes.Interface);

    /// <summary>Whether other assemblies see it, as far as itself is concerned.</summary>
    public bool IsPublic => (Attributes & TypeAttributes.VisibilityMask)
        is TypeAttributes.Public or TypeAttributes.NestedPublic or TypeAttributes.NestedFamily or TypeAttributes.NestedFamORAssem;

    /// <summary>The methods, those of properties and events among them.</summary>
    public IReadOnlyList<MethodModel> Methods { get; } =
        [.. reader.GetTypeDefinition(handle).GetMethods().Select(method => new MethodModel(reader, method))];

    /// <summary>The fields: their signature and attributes.</summary>
    public IEnumerable<(string Text, FieldAttributes Attributes)> Fields =>
        definition.GetFields().Select(reader.GetFieldDefinition).Select(found =>
            (SignatureText.Of(reader.GetString(found.Name), found.DecodeSignature(SignatureText.Instance, [])), found.Attributes));

    /// <summary>The values of an enum by name.</summary>
    public IReadOnlyDictionary<string, int> EnumValues => definition.GetFields().Select(reader.GetFieldDefinition)
        .Where(found => found.Attributes.HasFlag(FieldAttributes.Literal))
        .ToDictionary(
            found => reader.GetString(found.Name),
            found => reader.GetBlobReader(reader.GetConstant(found.GetDefaultValue()).Value).ReadInt32());

    /// <summary>The methods that this type names itself as implementations of others.</summary>
    public IEnumerable<EntityHandle> ExplicitlyImplemented =>
        definition.GetMethodImplementations().Select(implementation => reader.GetMethodImplementation(implementation).MethodDeclaration);

    /// <summary>The base type, told with this type's arguments.</summary>
    public TypeUse? BaseWith(ImmutableArray<string> arguments) =>
        definition.BaseType.IsNil ? null : TypeUse.Read(reader, definition.BaseType, arguments);

    /// <summary>The interfaces that it names, told with this type's arguments.</summary>
    public IEnumerable<TypeUse> InterfacesWith(ImmutableArray<string> arguments) => definition.GetInterfaceImplementations()
        .Select(implementation => TypeUse.Read(reader, reader.GetInterfaceImplementation(implementation).Interface, arguments)!);
}

/// <summary>A method that an assembly defines.</summary>
internal sealed class MethodModel(MetadataReader reader, MethodDefinitionHandle handle)
{
    private readonly MethodDefinition definition = reader.GetMethodDefinition(handle);

    /// <summary>Virtual, abstract, public and so on.</summary>
    public MethodAttributes Attributes => definition.Attributes;

    /// <summary>Who may call it.</summary>
    public MethodAttributes Access => Attributes & MethodAttributes.MemberAccessMask;

    /// <summary>Whether other assemblies may call it, or override it.</summary>
    public bool IsVisible => Access is MethodAttributes.Public or MethodAttributes.Family or MethodAttributes.FamORAssem;

    /// <summary>Whether it overrides an inherited method.</summary>
    public bool IsOverride => IsVirtual && !Attributes.HasFlag(MethodAttributes.NewSlot);

    /// <summary>Whether it can be overridden or implements an interface's member.</summary>
    public bool IsVirtual => Attributes.HasFlag(MethodAttributes.Virtual);

    /// <summary>Whether it has no body.</summary>
    public bool IsAbstract => Attributes.HasFlag(MethodAttributes.Abstract);

    /// <summary>The whole signature, told with its type's arguments.</summary>
    public string TextWith(ImmutableArray<string> arguments) =>
        SignatureText.Of(reader.GetString(definition.Name), definition.DecodeSignature(SignatureText.Instance, arguments));

    /// <summary>What its type parameters must be.</summary>
    public string Constraints => string.Join("; ", definition.GetGenericParameters().Select(reader.GetGenericParameter).Select(parameter =>
        $"{parameter.Attributes & GenericParameterAttributes.SpecialConstraintMask}"
        + string.Concat(parameter.GetConstraints().Select(constraint =>
            $", {TypeUse.Read(reader, reader.GetGenericParameterConstraint(constraint).Type, [])?.Name}"))));
}
