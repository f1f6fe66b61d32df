using System.Collections.Immutable;
using System.Reflection;
using System.Reflection.Metadata;

namespace SingleWindowBridge.StandIns.Tests;

/// <summary>
/// Compares what one assembly expects of Grpc.Core.Api and Grpc.Net.Common with what these define: their identity, every type and
/// member referred to, every method overridden, every interface implemented.
/// </summary>
internal sealed class Comparison
{
    private readonly AssemblyModel caller;
    private readonly Dictionary<string, AssemblyModel> definers;
    private readonly List<string> problems = [];
    private readonly HashSet<string> compared = [];

    private Comparison(AssemblyModel caller, IEnumerable<AssemblyModel> definers)
    {
        this.caller = caller;
        this.definers = definers.ToDictionary(definer => definer.Name.Name!);
    }

    /// <summary>What does not fit, and how many things were compared.</summary>
    public static (IReadOnlyList<string> Problems, int Compared) Of(AssemblyModel caller, params AssemblyModel[] definers)
    {
        var comparison = new Comparison(caller, definers);
        comparison.CompareIdentities();
        comparison.CompareTypes();
        comparison.CompareMembers();
        comparison.CompareInheritance();
        return (comparison.problems, comparison.compared.Count);
    }

    private void Compare(string what, bool fits, string why)
    {
        if (compared.Add(what) && !fits)
            problems.Add($"{what}: {why}");
    }

    private void CompareIdentities()
    {
        foreach (var asked in caller.Reader.AssemblyReferences.Select(handle => caller.Reader.GetAssemblyReference(handle).GetAssemblyName()))
        {
            if (definers.TryGetValue(asked.Name!, out var definer))
                Compare($"assembly {asked.FullName}", asked.FullName == definer.Name.FullName, $"there is {definer.Name.FullName}");
        }
    }

    private void CompareTypes()
    {
        foreach (var type in caller.Reader.TypeReferences.Select(caller.Reader.GetTypeReference))
        {
            if (!definers.TryGetValue(TypeUse.AssemblyOf(caller.Reader, type), out var definer))
                continue;

            var name = SignatureText.NameOf(caller.Reader, type);
            var defined = definer.Types.GetValueOrDefault(name);
            Compare($"type {name}", defined is { IsPublic: true } || definer.Forwarded.Contains(name), $"{definer.Name.Name} has no such public type");
        }
    }

    private void CompareMembers()
    {
        foreach (var handle in caller.Reader.MemberReferences)
        {
            var member = caller.Reader.GetMemberReference(handle);
            if (member.Parent.Kind is HandleKind.TypeReference or HandleKind.TypeSpecification
                && TypeUse.Read(caller.Reader, member.Parent, []) is { } parent
                && Defined(parent) is { } type)
            {
                var text = TextOf(member);
                Compare($"{parent.Name}: {text}", WithBases(type).Any(candidate => Has(candidate, text)), "there is no such visible member");
            }
        }
    }

    private string TextOf(MemberReference member)
    {
        var name = caller.Reader.GetString(member.Name);
        return member.GetKind() == MemberReferenceKind.Method
            ? SignatureText.Of(name, member.DecodeMethodSignature(SignatureText.Instance, []))
            : SignatureText.Of(name, member.DecodeFieldSignature(SignatureText.Instance, []));
    }

    private static bool Has(TypeModel type, string text) =>
        type.Methods.Any(method => method.IsVisible && method.TextWith([]) == text)
        || type.Fields.Any(field => field.Text == text
            && (field.Attributes & FieldAttributes.FieldAccessMask) is FieldAttributes.Public or FieldAttributes.Family);

    private IEnumerable<TypeModel> WithBases(TypeModel type)
    {
        for (var at = type; at is not null; at = at.BaseWith([]) is { } parent ? Defined(parent) : null)
            yield return at;
    }

    private TypeModel? Defined(TypeUse type) => definers.GetValueOrDefault(type.Assembly)?.Types.GetValueOrDefault(type.Name);

    private void CompareInheritance()
    {
        foreach (var type in caller.Types.Values)
        {
            foreach (var parent in type.InterfacesWith([]))
            {
                if (Defined(parent) is { } contract)
                    CompareInterface(type, parent, contract);
            }

            CompareOverrides(type);
        }
    }

    private void CompareInterface(TypeModel type, TypeUse parent, TypeModel contract)
    {
        Compare($"interface {parent.Name}", contract.IsInterface, "it is not an interface");
        if (type.IsInterface)
            return;

        var named = type.ExplicitlyImplemented.Select(NamedMethod).ToHashSet();
        foreach (var member in contract.Methods.Where(member => member.IsAbstract))
        {
            var text = member.TextWith(parent.Arguments);
            var there = named.Contains((parent.Name, member.TextWith([])))
                || OwnChain(type).Any(own => own.Type.Methods.Any(method =>
                    method.IsVirtual && method.Access == MethodAttributes.Public && method.TextWith(own.Arguments) == text));
            Compare($"{type.Name} implements {parent.Name}: {text}", there, "the official implementation knows no such member");
        }
    }

    private (string Type, string Member) NamedMethod(EntityHandle handle)
    {
        if (handle.Kind != HandleKind.MemberReference)
            return ("", "");

        var member = caller.Reader.GetMemberReference((MemberReferenceHandle)handle);
        return (TypeUse.Read(caller.Reader, member.Parent, [])?.Name ?? "", TextOf(member));
    }

    // The type and its base types within the same assembly.
    private IEnumerable<(TypeModel Type, ImmutableArray<string> Arguments)> OwnChain(TypeModel type)
    {
        var at = (Type: type, Arguments: ImmutableArray<string>.Empty);
        while (true)
        {
            yield return at;
            if (at.Type.BaseWith(at.Arguments) is not { } parent || parent.Assembly != caller.Name.Name)
                yield break;
            var next = caller.Types[parent.Name];
            at = (next, parent.Arguments);
        }
    }

    private void CompareOverrides(TypeModel type)
    {
        var own = OwnChain(type).ToList();
        if (own[^1].Type.BaseWith(own[^1].Arguments) is not { } parent || Defined(parent) is not { } root)
            return;

        Compare($"base {parent.Name}", !root.IsInterface && !root.Attributes.HasFlag(TypeAttributes.Sealed), "it cannot be derived from");
        var inherited = new Dictionary<string, MethodModel>();
        for (var at = (Type: root, parent.Arguments); ;)
        {
            foreach (var method in at.Type.Methods.Where(method => method.IsVirtual))
                inherited.TryAdd(method.TextWith(at.Arguments), method);
            if (at.Type.BaseWith(at.Arguments) is not { } next || Defined(next) is not { } nextType)
                break;
            at = (nextType, next.Arguments);
        }

        var overridden = own.SelectMany(link => link.Type.Methods.Where(method => method.IsVirtual).Select(method => method.TextWith(link.Arguments))).ToHashSet();
        foreach (var method in type.Methods.Where(method => method.IsOverride))
        {
            var text = method.TextWith([]);
            if (inherited.TryGetValue(text, out var original))
            {
                Compare($"{type.Name} overrides {parent.Name}: {text}", original.Access == method.Access && original.Constraints == method.Constraints,
                    $"it is {original.Access} ({original.Constraints}), not {method.Access} ({method.Constraints})");
            }
            else if (!own.Skip(1).Any(link => link.Type.Methods.Any(above => above.IsVirtual && above.TextWith(link.Arguments) == text)))
            {
                Compare($"{type.Name} overrides {parent.Name}: {text}", OfObject(method), "there is nothing to override");
            }
        }

        if (!type.Attributes.HasFlag(TypeAttributes.Abstract))
        {
            foreach (var (text, _) in inherited.Where(method => method.Value.IsAbstract))
                Compare($"{type.Name} implements {parent.Name}: {text}", overridden.Contains(text), "the official implementation knows no such member");
        }
    }

    private static bool OfObject(MethodModel method) => method.TextWith([])
        is "String ToString()" or "Boolean Equals(Object)" or "Int32 GetHashCode()" or "Void Finalize()";
}
