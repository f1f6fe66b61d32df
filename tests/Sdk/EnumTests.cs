using System.Reflection;
using Wire = SingleWindow.Bridge.V1;

namespace SingleWindowBridge.Sdk.Tests;

public sealed class EnumTests
{
    private static readonly Assembly Sdk = typeof(SingleWindowClient).Assembly;

    public static TheoryData<Type> WireEnums()
    {
        var all = new TheoryData<Type>();
        foreach (var type in Sdk.GetTypes().Where(type => type is { IsEnum: true, IsNested: false }))
        {
            if (type.Namespace == "SingleWindow.Bridge.V1")
                all.Add(type);
        }

        return all;
    }

    [Theory]
    [MemberData(nameof(WireEnums))]
    public void EveryEnumOfTheContractIsOursToo(Type wire)
    {
        ArgumentNullException.ThrowIfNull(wire);
        var ours = Sdk.GetType($"SingleWindowBridge.{wire.Name}", throwOnError: true)!;
        var expected = Enum.GetNames(wire).Where(name => name != "Unspecified")
            .Select(name => (name, Convert.ToInt32(Enum.Parse(wire, name), null)));
        var actual = Enum.GetNames(ours).Where(name => name != "Unknown")
            .Select(name => (name, Convert.ToInt32(Enum.Parse(ours, name), null)));
        Assert.Equal(expected, actual);
        Assert.Equal(0, Convert.ToInt32(Enum.Parse(ours, "Unknown"), null));
    }

    [Theory]
    [MemberData(nameof(WireEnums))]
    public void EveryValueHasBothNamesOffline(Type wire)
    {
        ArgumentNullException.ThrowIfNull(wire);
        var ours = Sdk.GetType($"SingleWindowBridge.{wire.Name}", throwOnError: true)!;
        var nameOf = typeof(EnumNames).GetMethod("Name", [ours])!;
        var isKnown = typeof(EnumNames).GetMethod("IsKnown", [ours])!;
        var seen = new HashSet<string>();
        foreach (var value in Enum.GetValues(ours).Cast<object>().Where(value => Convert.ToInt32(value, null) != 0))
        {
            var name = (LocalizedText)nameOf.Invoke(null, [value])!;
            Assert.True((bool)isKnown.Invoke(null, [value])!, $"{ours.Name}.{value} has no name.");
            Assert.Contains(name.Zh, c => c >= '\u4e00');
            Assert.Matches("^[A-Z][ -~]+$", name.En);
            Assert.True(seen.Add(name.En), $"{name.En} stands for two values.");
        }
    }

    [Fact]
    public void NamesAreTheManuals()
    {
        Assert.Equal("申请阶段", Stage.Application.Name().Zh);
        Assert.Equal("补齐补正", Status.CorrectionRequired.Name().Zh);
        Assert.Equal("Correction required", Status.CorrectionRequired.Name().En);
        Assert.Equal("外方回复", NegotiationParty.Authority.Name().Zh);
    }

    [Fact]
    public async Task AValueFromTheFutureComesThroughAsItsNumber()
    {
        var invoker = new ScriptedInvoker().On("GetCase", (Wire.GetCaseRequest _) => new Wire.GetCaseResponse
        {
            Case = new Wire.Case
            {
                CaseId = "c",
                Stage = (Wire.Stage)42,
                Status = (Wire.Status)77,
                AllowedEvents = { (Wire.CaseEvent)99 },
            },
        });
        var found = (await invoker.Client().Cases.GetAsync("c")).Case;
        Assert.Equal(42, (int)found.Stage);
        Assert.False(found.Stage.IsKnown());
        Assert.Equal("Unknown (42)", found.Stage.Name().En);
        Assert.Equal("未知(77)", found.Status.Name().Zh);
        Assert.Equal([(CaseEvent)99], found.AllowedEvents);
        Assert.False(found.HasEnded);
    }
}
