using Google.Protobuf;
using Grpc.Core;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Interop.Messages;
using SingleWindowBridge.Server.Cases;
using SingleWindowBridge.Server.Files;
using SingleWindowBridge.Server.Grpc;
using SingleWindowBridge.Server.Storage;

namespace SingleWindowBridge.Server.Negotiations;

public sealed partial class NegotiationEndpoints
{
    private const int MostOfficers = 200;

    /// <inheritdoc/>
    public override Task<SubmitSignatoriesResponse> SubmitSignatories(SubmitSignatoriesRequest request, ServerCallContext context) =>
        writer.ChangeAsync(
            context, request, Stage.CertificateNegotiation, CaseEvent.SubmitSignatories,
            async change =>
            {
                var list = request.Signatories ?? new Signatories();
                var content = await CheckAsync(change, list);
                if (change.Rules.Any)
                    return;

                await change.Sql.PostAsync(
                    """
                    INSERT INTO signatories (case_id, list, submitted_at) VALUES (@CaseId, @list, @at)
                    ON CONFLICT (case_id) DO UPDATE SET list = excluded.list, submitted_at = excluded.submitted_at
                    """,
                    new { change.Case.CaseId, list = list.ToByteArray(), at = change.Now.ToMicroseconds() });
                change.Outgoing = content;
            },
            outcome => new SubmitSignatoriesResponse { Case = outcome.Case, Problems = { outcome.Problems } });

    private static async Task<SignatoriesContent> CheckAsync(CaseChange change, Signatories list)
    {
        const string At = "signatories";
        var (rules, sql, authorityId) = (change.Rules, change.Sql, change.Case.AuthorityId);
        rules.Required($"{At}.officers", list.Officers.Count > 0);
        rules.Count($"{At}.officers", list.Officers.Count, MostOfficers);
        var officers = new List<Officer>();
        for (var index = 0; index < Math.Min(list.Officers.Count, MostOfficers); index++)
        {
            var (field, officer) = ($"{At}.officers[{index}]", list.Officers[index]);
            rules.Text($"{field}.name", officer.Name, 100, required: true);
            rules.Text($"{field}.position", officer.Position, 100, required: true);
            var specimen = $"{field}.specimen_signature_file_id";
            if (!rules.Required(specimen, officer.SpecimenSignatureFileId.Length > 0))
                continue;

            var files = await sql.FindFilesAsync(rules, authorityId, [(specimen, officer.SpecimenSignatureFileId)]);
            officers.AddRange(files.Select(file => new Officer(officer.Name, officer.Position, file.ToAttachment())));
        }

        var seals = await sql.CheckFilesAsync(rules, authorityId, $"{At}.seal_file_ids", list.SealFileIds, required: true);
        var others = await sql.CheckFilesAsync(rules, authorityId, $"{At}.file_ids", list.FileIds);
        return new SignatoriesContent(
            officers, [.. seals.Select(file => file.ToAttachment())], [.. others.Select(file => file.ToAttachment())]);
    }
}
