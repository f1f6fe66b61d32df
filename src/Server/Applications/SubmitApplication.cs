using Grpc.Core;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Interop.Messages;
using SingleWindowBridge.Server.Cases;
using SingleWindowBridge.Server.Files;
using SingleWindowBridge.Server.Grpc;

namespace SingleWindowBridge.Server.Applications;

public sealed partial class ApplicationEndpoints
{
    /// <inheritdoc/>
    public override Task<SubmitApplicationResponse> SubmitApplication(SubmitApplicationRequest request, ServerCallContext context)
    {
        var account = context.Account();
        return writer.ChangeAsync(
            context, request, Stage.Application, CaseEvent.Submit,
            async change =>
            {
                var form = request.Application ?? await change.Sql.GetApplicationAsync(change.Case.CaseId);
                ApplicationRules.Check(change.Rules, form, account, catalogue, complete: true);
                var files = await change.Sql.CheckFilesAsync(
                    change.Rules, account.AuthorityId, "application.file_ids", form.FileIds, required: true);
                if (change.Rules.Any)
                    return;

                await change.KeepApplicationAsync(form);
                change.Outgoing = new ApplicationContent(
                    form.Category, [.. form.Products], form.Contact.ToPerson(), form.Summary,
                    [.. files.Select(file => file.ToAttachment())]);
            },
            outcome => new SubmitApplicationResponse { Case = outcome.Case, Problems = { outcome.Problems } });
    }
}
