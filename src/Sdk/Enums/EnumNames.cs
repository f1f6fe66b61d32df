using System.Collections.Frozen;

namespace SingleWindowBridge;

/// <summary>
/// The names of every enum value in Chinese and English, without a call to the server:
/// <c>Stage.Application.Name().Zh</c> is 申请阶段. A value that this version does not know is named by its number.
/// </summary>
public static partial class EnumNames
{
    /// <summary>What a person reads for this kind of case.</summary>
    public static LocalizedText Name(this CaseKind value) => Find(CaseKindNames, value, (int)value);

    /// <summary>Whether this version knows this kind of case.</summary>
    public static bool IsKnown(this CaseKind value) => CaseKindNames.ContainsKey(value);

    /// <summary>What a person reads for this stage.</summary>
    public static LocalizedText Name(this Stage value) => Find(StageNames, value, (int)value);

    /// <summary>Whether this version knows this stage.</summary>
    public static bool IsKnown(this Stage value) => StageNames.ContainsKey(value);

    /// <summary>What a person reads for this status.</summary>
    public static LocalizedText Name(this Status value) => Find(StatusNames, value, (int)value);

    /// <summary>Whether this version knows this status.</summary>
    public static bool IsKnown(this Status value) => StatusNames.ContainsKey(value);

    /// <summary>What a person reads for this actor.</summary>
    public static LocalizedText Name(this Actor value) => Find(ActorNames, value, (int)value);

    /// <summary>Whether this version knows this actor.</summary>
    public static bool IsKnown(this Actor value) => ActorNames.ContainsKey(value);

    /// <summary>What a person reads for this event.</summary>
    public static LocalizedText Name(this CaseEvent value) => Find(CaseEventNames, value, (int)value);

    /// <summary>Whether this version knows this event.</summary>
    public static bool IsKnown(this CaseEvent value) => CaseEventNames.ContainsKey(value);

    /// <summary>What a person reads for this origin.</summary>
    public static LocalizedText Name(this FileOrigin value) => Find(FileOriginNames, value, (int)value);

    /// <summary>Whether this version knows this origin.</summary>
    public static bool IsKnown(this FileOrigin value) => FileOriginNames.ContainsKey(value);

    /// <summary>What a person reads for this topic.</summary>
    public static LocalizedText Name(this NegotiationTopic value) => Find(NegotiationTopicNames, value, (int)value);

    /// <summary>Whether this version knows this topic.</summary>
    public static bool IsKnown(this NegotiationTopic value) => NegotiationTopicNames.ContainsKey(value);

    /// <summary>What a person reads for this party.</summary>
    public static LocalizedText Name(this NegotiationParty value) => Find(NegotiationPartyNames, value, (int)value);

    /// <summary>Whether this version knows this party.</summary>
    public static bool IsKnown(this NegotiationParty value) => NegotiationPartyNames.ContainsKey(value);

    /// <summary>What a person reads for this state.</summary>
    public static LocalizedText Name(this EntryState value) => Find(EntryStateNames, value, (int)value);

    /// <summary>Whether this version knows this state.</summary>
    public static bool IsKnown(this EntryState value) => EntryStateNames.ContainsKey(value);

    /// <summary>What a person reads for this decision.</summary>
    public static LocalizedText Name(this ReviewDecision value) => Find(ReviewDecisionNames, value, (int)value);

    /// <summary>Whether this version knows this decision.</summary>
    public static bool IsKnown(this ReviewDecision value) => ReviewDecisionNames.ContainsKey(value);

    /// <summary>What a person reads for this type of question.</summary>
    public static LocalizedText Name(this QuestionType value) => Find(QuestionTypeNames, value, (int)value);

    /// <summary>Whether this version knows this type of question.</summary>
    public static bool IsKnown(this QuestionType value) => QuestionTypeNames.ContainsKey(value);

    /// <summary>What a person reads for this problem.</summary>
    public static LocalizedText Name(this FieldProblemCode value) => Find(FieldProblemCodeNames, value, (int)value);

    /// <summary>Whether this version knows this problem.</summary>
    public static bool IsKnown(this FieldProblemCode value) => FieldProblemCodeNames.ContainsKey(value);

    /// <summary>What a person reads for this reason.</summary>
    public static LocalizedText Name(this ErrorReason value) => Find(ErrorReasonNames, value, (int)value);

    /// <summary>Whether this version knows this reason.</summary>
    public static bool IsKnown(this ErrorReason value) => ErrorReasonNames.ContainsKey(value);

    private static LocalizedText Find<T>(FrozenDictionary<T, LocalizedText> names, T value, int number)
        where T : struct, Enum =>
        names.TryGetValue(value, out var name) ? name : new LocalizedText($"未知({number})", $"Unknown ({number})");
}
