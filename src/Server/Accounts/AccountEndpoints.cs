using Grpc.Core;
using SingleWindow.Admin.V1;
using SingleWindowBridge.Server.Audit;

namespace SingleWindowBridge.Server.Accounts;

/// <summary>AccountService: <see cref="AccountActions"/> for the operators who call.</summary>
public sealed class AccountEndpoints(AccountActions actions) : AccountService.AccountServiceBase
{
    /// <inheritdoc/>
    public override Task<CreateAccountResponse> CreateAccount(CreateAccountRequest request, ServerCallContext context) =>
        actions.CreateAccountAsync(request, Origin.OfOperator(context, ""), context.CancellationToken);

    /// <inheritdoc/>
    public override Task<GetAccountResponse> GetAccount(GetAccountRequest request, ServerCallContext context) =>
        actions.GetAccountAsync(request, context.CancellationToken);

    /// <inheritdoc/>
    public override Task<ListAccountsResponse> ListAccounts(ListAccountsRequest request, ServerCallContext context) =>
        actions.ListAccountsAsync(request, context.CancellationToken);

    /// <inheritdoc/>
    public override Task<UpdateAccountResponse> UpdateAccount(UpdateAccountRequest request, ServerCallContext context) =>
        actions.UpdateAccountAsync(request, Origin.OfOperator(context, ""), context.CancellationToken);

    /// <inheritdoc/>
    public override Task<CreateKeyResponse> CreateKey(CreateKeyRequest request, ServerCallContext context) =>
        actions.CreateKeyAsync(request, Origin.OfOperator(context, ""), context.CancellationToken);

    /// <inheritdoc/>
    public override Task<ListKeysResponse> ListKeys(ListKeysRequest request, ServerCallContext context) =>
        actions.ListKeysAsync(request, context.CancellationToken);

    /// <inheritdoc/>
    public override Task<RevokeKeyResponse> RevokeKey(RevokeKeyRequest request, ServerCallContext context) =>
        actions.RevokeKeyAsync(request, Origin.OfOperator(context, ""), context.CancellationToken);

    /// <inheritdoc/>
    public override Task<AddCertificateResponse> AddCertificate(AddCertificateRequest request, ServerCallContext context) =>
        actions.AddCertificateAsync(request, Origin.OfOperator(context, ""), context.CancellationToken);

    /// <inheritdoc/>
    public override Task<ListCertificatesResponse> ListCertificates(ListCertificatesRequest request, ServerCallContext context) =>
        actions.ListCertificatesAsync(request, context.CancellationToken);

    /// <inheritdoc/>
    public override Task<RemoveCertificateResponse> RemoveCertificate(RemoveCertificateRequest request, ServerCallContext context) =>
        actions.RemoveCertificateAsync(request, Origin.OfOperator(context, ""), context.CancellationToken);
}
