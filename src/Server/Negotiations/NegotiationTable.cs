using Google.Protobuf;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Interop.Messages;
using SingleWindowBridge.Server.Cases;
using SingleWindowBridge.Server.Files;
using SingleWindowBridge.Server.Storage;
using NegotiationTopic = SingleWindow.Bridge.V1.NegotiationTopic;

namespace SingleWindowBridge.Server.Negotiations;

/// <summary>The entries of negotiations, and the drafts of replies.</summary>
public static class NegotiationTable
{
    /// <summary>The topic that is negotiated in a stage.</summary>
    public static NegotiationTopic TopicOf(Stage stage) =>
        stage == Stage.CertificateNegotiation ? NegotiationTopic.Certificate : NegotiationTopic.Protocol;

    /// <summary>Opens a round: every earlier entry has been dealt with, and Customs' text waits for a reply.</summary>
    public static async Task OpenRoundAsync(this CaseChange change, OpenRound act)
    {
        var topic = TopicOf(change.Transition.NextStage ?? change.Case.Stage);
        await change.ProcessEntriesAsync(topic);
        var round = await change.Sql.CurrentRoundAsync(change.Case.CaseId, topic) + 1;
        var text = new NegotiationText { Zh = act.Text.Zh, En = act.Text.En, Other = act.Text.Other };
        await change.KeepEntryAsync(
            topic, round, NegotiationParty.Customs,
            new NegotiationReply { Text = text, FileIds = { change.Files.Select(file => file.FileId) } });
    }

    /// <summary>The round that a topic is in; 0 before the first.</summary>
    public static Task<int> CurrentRoundAsync(this Sql sql, string caseId, NegotiationTopic topic) => sql.GetAsync<int>(
        "SELECT COALESCE(MAX(round), 0) FROM negotiation_entries WHERE case_id = @caseId AND topic = @topic", new { caseId, topic });

    /// <summary>Marks every entry of a topic as dealt with.</summary>
    public static Task ProcessEntriesAsync(this CaseChange change, NegotiationTopic topic) => change.Sql.PostAsync(
        "UPDATE negotiation_entries SET state = @Processed WHERE case_id = @CaseId AND topic = @topic",
        new { EntryState.Processed, change.Case.CaseId, topic });

    /// <summary>Keeps the newest entry, which is open; one of the same round and party is replaced.</summary>
    public static Task KeepEntryAsync(
        this CaseChange change, NegotiationTopic topic, int round, NegotiationParty party, NegotiationReply reply) =>
        change.Sql.PostAsync(
            """
            INSERT INTO negotiation_entries (case_id, topic, round, party, state, at, reply)
            VALUES (@CaseId, @topic, @round, @party, @Open, @at, @reply)
            ON CONFLICT (case_id, topic, round, party) DO UPDATE SET state = excluded.state, at = excluded.at, reply = excluded.reply
            """,
            new
            {
                change.Case.CaseId,
                topic,
                round,
                party,
                EntryState.Open,
                at = change.Now.ToMicroseconds(),
                reply = reply.ToByteArray(),
            });

    /// <summary>The entries of a topic, newest first.</summary>
    public static async Task<IReadOnlyList<NegotiationEntry>> ListEntriesAsync(this Sql sql, CaseRow @case, NegotiationTopic topic)
    {
        var rows = await sql.ListAsync<Row>(
            """
            SELECT round, party, state, at, reply FROM negotiation_entries
            WHERE case_id = @CaseId AND topic = @topic ORDER BY round DESC, party DESC
            """,
            new { @case.CaseId, topic });
        var entries = new List<NegotiationEntry>();
        foreach (var row in rows)
        {
            var reply = NegotiationReply.Parser.ParseFrom(row.Reply);
            entries.Add(new NegotiationEntry
            {
                Round = row.Round,
                Party = row.Party,
                Text = reply.Text,
                Files = { await sql.ListFilesAsync(@case.AuthorityId, reply.FileIds) },
                State = row.State,
                Time = Times.ToTimestamp(row.At),
            });
        }

        return entries;
    }

    /// <summary>Keeps the draft of a reply.</summary>
    public static Task KeepDraftAsync(this CaseChange change, NegotiationTopic topic, NegotiationReply reply) => change.Sql.PostAsync(
        """
        INSERT INTO negotiation_drafts (case_id, topic, reply) VALUES (@CaseId, @topic, @reply)
        ON CONFLICT (case_id, topic) DO UPDATE SET reply = excluded.reply
        """,
        new { change.Case.CaseId, topic, reply = reply.ToByteArray() });

    /// <summary>Removes the draft of a reply, for it has been submitted.</summary>
    public static Task RemoveDraftAsync(this CaseChange change, NegotiationTopic topic) => change.Sql.PostAsync(
        "DELETE FROM negotiation_drafts WHERE case_id = @CaseId AND topic = @topic", new { change.Case.CaseId, topic });

    /// <summary>The reply that was last submitted in a round; null where there is none.</summary>
    public static async Task<NegotiationReply?> FindReplyAsync(this Sql sql, string caseId, NegotiationTopic topic, int round)
    {
        var reply = await sql.FindAsync<byte[]>(
            """
            SELECT reply FROM negotiation_entries
            WHERE case_id = @caseId AND topic = @topic AND round = @round AND party = @Authority
            """,
            new { caseId, topic, round, NegotiationParty.Authority });
        return reply is null ? null : NegotiationReply.Parser.ParseFrom(reply);
    }

    /// <summary>The draft of a reply; null where there is none.</summary>
    public static async Task<NegotiationReply?> FindDraftAsync(this Sql sql, string caseId, NegotiationTopic topic)
    {
        var reply = await sql.FindAsync<byte[]>(
            "SELECT reply FROM negotiation_drafts WHERE case_id = @caseId AND topic = @topic", new { caseId, topic });
        return reply is null ? null : NegotiationReply.Parser.ParseFrom(reply);
    }

    private sealed class Row
    {
        public int Round { get; init; }

        public NegotiationParty Party { get; init; }

        public EntryState State { get; init; }

        public long At { get; init; }

        public byte[] Reply { get; init; } = [];
    }
}
