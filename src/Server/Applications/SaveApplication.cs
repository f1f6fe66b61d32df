using Grpc.Core;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Files;
using SingleWindowBridge.Server.Grpc;

namespace SingleWindowBridge.Server.Applications;

public sealed partial class ApplicationEndpoints
{
    /// <inheritdoc/>
    public override Task<SaveApplicationResponse> SaveApplication(SaveApplicationRequest request, ServerCallContext context)
    {
        var account = context.Account();
        return writer.ChangeAsync(
            context, request, Stage.Application, CaseEvent.Save,
            async change =>
            {
                if (!change.Rules.Required("application", request.Application is not null))
                    return;

                ApplicationRules.Check(change.Rules, request.Application!, account, catalogue, complete: false);
                await change.Sql.CheckFilesAsync(
                    change.Rules, account.AuthorityId, "application.file_ids", request.Application!.FileIds);
                await change.KeepApplicationAsync(request.Application);
            },
            outcome => new SaveApplicationResponse { Case = outcome.Case });
    }
}
