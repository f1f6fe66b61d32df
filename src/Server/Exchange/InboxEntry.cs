using System.Security.Cryptography;
using System.Text.Json;
using SingleWindow.Admin.V1;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Interop.Messages;
using SingleWindowBridge.Server.Storage;

namespace SingleWindowBridge.Server.Exchange;

/// <summary>A row of the table of Customs' messages, without what the message says.</summary>
public sealed class InboxEntry
{
    /// <summary>The columns, in the order of the properties.</summary>
    public const string Columns =
        "entry_id, message_id, content_hash, is_first, authority_id, case_number, sequence, event, source, created_at, received_at, "
        + "state, reason, detail_zh, detail_en, first_state, first_detail, attempts, tried_at, tried_version, wait_until, settled_at, "
        + "operator, discard_reason, turn, answers";

    /// <summary>The version of a case with which an entry is tried whatever the case's version is.</summary>
    public const long TryAgain = -1;

    /// <summary>The entry's id, a ULID: the order of arrival.</summary>
    public string EntryId { get; init; } = "";

    /// <summary>The id that the message bears.</summary>
    public string MessageId { get; init; } = "";

    /// <summary>SHA-256 of what it says; empty where it came before hashes were kept.</summary>
    public string ContentHash { get; init; } = "";

    /// <summary>Whether it is the first of its message id.</summary>
    public bool IsFirst { get; set; } = true;

    /// <summary>Whose case it is on; null where that is not known.</summary>
    public string? AuthorityId { get; set; }

    /// <summary>The case's official number.</summary>
    public string CaseNumber { get; init; } = "";

    /// <summary>Customs' count of what it says about the case; 0 where it does not count.</summary>
    public int Sequence { get; init; }

    /// <summary>What Customs did; UNSPECIFIED where it cannot be read.</summary>
    public CaseEvent Event { get; init; }

    /// <summary>Where it came from, if the channel says: the file's name, or the key and address of the call that gave it.</summary>
    public string Source { get; init; } = "";

    /// <summary>When Customs made it, in microseconds.</summary>
    public long CreatedAt { get; init; }

    /// <summary>When it was received, in microseconds.</summary>
    public long ReceivedAt { get; init; }

    /// <summary>What became of it.</summary>
    public CustomsMessageState State { get; set; }

    /// <summary>Why it is held.</summary>
    public HoldReason Reason { get; set; }

    /// <summary>The same in Chinese.</summary>
    public string DetailZh { get; set; } = "";

    /// <summary>The same in English.</summary>
    public string DetailEn { get; set; } = "";

    /// <summary>What became of it when it came: the answer that every repeat gets.</summary>
    public CustomsMessageState FirstState { get; set; }

    /// <summary>What was said about it then.</summary>
    public string FirstDetail { get; set; } = "";

    /// <summary>How often it was tried.</summary>
    public int Attempts { get; set; }

    /// <summary>When it was last tried, in microseconds.</summary>
    public long TriedAt { get; set; }

    /// <summary>The case's version when it was last tried; 0 where there was no case.</summary>
    public long TriedVersion { get; set; }

    /// <summary>Until when it may wait, in microseconds.</summary>
    public long WaitUntil { get; set; }

    /// <summary>When it was applied or discarded, in microseconds.</summary>
    public long? SettledAt { get; set; }

    /// <summary>The name of the key that retried or discarded it.</summary>
    public string Operator { get; init; } = "";

    /// <summary>Why it was discarded.</summary>
    public string DiscardReason { get; init; } = "";

    /// <summary>
    /// The case's turn in which it was applied, or the only one in which it may be (<see cref="CaseTurns"/>); 0 where that is open.
    /// </summary>
    public int Turn { get; set; }

    /// <summary>The message id of the submission that it answers; empty where Customs does not say.</summary>
    public string Answers { get; init; } = "";

    /// <summary>The entry of a message that has just come.</summary>
    public static InboxEntry Of(CustomsReceipt receipt, string source, DateTimeOffset now, TimeSpan longestWait) => new()
    {
        EntryId = Ulids.New(now),
        MessageId = receipt.MessageId.ToUpperInvariant(),
        ContentHash = HashOf(receipt),
        CaseNumber = receipt.CaseNumber,
        Sequence = receipt.Sequence,
        Event = receipt.Act is Unreadable ? CaseEvent.Unspecified : CustomsActs.EventOf(receipt.Act),
        Source = receipt.Act is Unreadable broken ? broken.Source : source,
        CreatedAt = receipt.CreatedAt.ToMicroseconds(),
        ReceivedAt = now.ToMicroseconds(),
        WaitUntil = (now + longestWait).ToMicroseconds(),
        Answers = receipt.Answers?.ToUpperInvariant() ?? "",
    };

    /// <summary>Whether another message of the same id says the same.</summary>
    public bool SaysTheSameAs(InboxEntry other) => ContentHash.Length == 0 || ContentHash == other.ContentHash;

    /// <summary>Says what became of it.</summary>
    public void Become(CustomsMessageState state, HoldReason reason, LocalizedText detail)
    {
        (State, Reason, DetailZh, DetailEn) = (state, reason, detail.Zh, detail.En);
        if (FirstState == CustomsMessageState.Unspecified)
            (FirstState, FirstDetail) = (state, detail.En);
    }

    // The time is left out: a far end that says the same again may well date it anew.
    private static string HashOf(CustomsReceipt receipt)
    {
        if (receipt.Act is Unreadable broken)
            return Convert.ToHexStringLower(SHA256.HashData(broken.Content.Span));

        var content = JsonSerializer.SerializeToUtf8Bytes(receipt with { MessageId = "", CreatedAt = default });
        return Convert.ToHexStringLower(SHA256.HashData(content));
    }
}
