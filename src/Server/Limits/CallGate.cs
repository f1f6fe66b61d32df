using Grpc.AspNetCore.Server;
using Grpc.Core;
using Microsoft.AspNetCore.Http.Features;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Accounts;
using SingleWindowBridge.Server.Grpc;
using SingleWindowBridge.Server.Storage;

namespace SingleWindowBridge.Server.Limits;

/// <summary>
/// Stands before every call: what its connection, its address and its account may ask for, and who makes it, all before a byte of the
/// request's message is read. Who is refused costs no memory, and no look at the database past the address's share.
/// </summary>
public sealed class CallGate(
    Credentials credentials, IBridgeDatabase database, AccountLimits accounts, OpenConnections connections, ServerTurns turns, Refusals refusals,
    Drain drain, TimeProvider clock, ILogger<CallGate> logger)
{
    /// <summary>Lets a call pass, or answers it.</summary>
    public async Task PassAsync(HttpContext context, RequestDelegate next)
    {
        var connection = context.Features.Get<ConnectionUse>();
        if (context.RequestAborted.IsCancellationRequested)
        {
            // Opened to be reset: the less is done for it the better.
            connection?.GiveUp();
            return;
        }

        if (connection is not null && !connection.Calls.TryTake(1, out var wait))
        {
            Refuse(context, connection, refusals.Rate("CONNECTION", "CALLS", wait));
            return;
        }

        var endpoint = context.GetEndpoint();
        var method = endpoint?.Metadata.GetMetadata<GrpcMethodMetadata>()?.Method;
        if (method is null || !IsGrpc(context.Request) || method.ServiceName.StartsWith("grpc.", StringComparison.Ordinal))
        {
            // Health and reflection are for everyone; so is the word that there is no such call.
            if (connection is not null && !connection.Address.Strangers.TryTake(1, out wait))
                Refuse(context, connection, refusals.Rate("ADDRESS", "CALLS", wait));
            else if (connection is not null && method is not null && method.Type != MethodType.Unary)
                await PassStreamAsync(context, connection, next);
            else
                await next(context);
            return;
        }

        var isStream = method.Type != MethodType.Unary;
        if (!isStream && RoleOf(method.FullName) == Role.Authority && turns.TurnsAway())
        {
            // The line is full: whoever calls, nothing more is found out about it.
            WireGate.Answer(context.Response, refusals.BusyAnswer());
            return;
        }

        Entry entry;
        try
        {
            entry = await AdmitAsync(context, method.FullName, isStream, connection);
        }
        catch (Exception failure)
        {
            entry = new Entry(null, Told(context, method.FullName, failure));
        }

        if (entry.Use is not { } use)
        {
            Refuse(context, connection, entry.Refusal!);
            return;
        }

        try
        {
            context.Features.Set(use);
            using var body = MessageBody.Of(context.Request, endpoint!, use);
            await next(context);
        }
        finally
        {
            use.Leave(isStream);
            if (context.RequestAborted.IsCancellationRequested)
                connection?.GiveUp();
        }
    }

    private static bool IsGrpc(HttpRequest request) =>
        request.ContentType?.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase) == true;

    private static Role RoleOf(string method) =>
        method.StartsWith("/singlewindow.admin.", StringComparison.Ordinal) ? Role.Operator
        : method.StartsWith("/singlewindow.customs.", StringComparison.Ordinal) ? Role.Customs
        : Role.Authority;

    private async Task PassStreamAsync(HttpContext context, ConnectionUse connection, RequestDelegate next)
    {
        using var stream = StrangerStream.TryOpen(connection, accounts.Settings, clock, drain.StreamsEnd);
        if (stream is null)
        {
            Refuse(context, connection, refusals.AtOnce("ADDRESS", "STREAMS"));
            return;
        }

        context.Features.Set(stream);
        await next(context);
    }

    private void Refuse(HttpContext context, ConnectionUse? connection, BridgeException refusal)
    {
        if (ErrorTexts.Of(refusal.Reason).Status == StatusCode.ResourceExhausted)
            connection?.Refuse();
        WireGate.Answer(context.Response, refusals.Prepared(refusal));
    }

    // Refusals of which many may come are not thrown: that would cost more than all else that is done for them.
    private async ValueTask<Entry> AdmitAsync(HttpContext context, string method, bool isStream, ConnectionUse? connection)
    {
        var role = RoleOf(method);
        var address = connection?.Address;
        if (!Credentials.AreShown(context))
            return new Entry(null, OfStranger(address, new BridgeException(ErrorReason.CredentialsMissing)));

        Account account;
        var taken = false;
        try
        {
            var shown = credentials.Read(context);
            taken = address is not null && await address.TakeTurnAsync(credentials.IsKept(shown), context.RequestAborted);
            var admission = await credentials.AdmitAsync(shown, role, context.RequestAborted);
            context.Features.Set(new Admitted(shown, role, admission));
            context.Features.Set(account = admission.Account);
            if (connection is not null)
                connections.Know(connection);
        }
        catch (BridgeException refusal) when (refusal.Reason is not (ErrorReason.RoleRequired or ErrorReason.AccountDisabled))
        {
            return new Entry(null, OfStranger(address, refusal));
        }
        finally
        {
            if (taken)
                address!.GiveTurn();
        }

        // Customs is behind by as much as it was away, and sends all of it at once.
        var use = accounts.Of($"{account.Role} {account.AuthorityId}");
        return use.TryEnter(isStream, isCounted: role != Role.Customs, out var tooMuch) ? new Entry(use, null) : new Entry(null, tooMuch);
    }

    private BridgeException OfStranger(AddressUse? address, BridgeException refusal) =>
        address is null || address.Strangers.TryTake(1, out var wait) ? refusal : refusals.Strangers(wait);

    private BridgeException Told(HttpContext context, string method, Exception failure)
    {
        if (failure is BridgeException refusal)
            return refusal;
        if (context.RequestAborted.IsCancellationRequested)
            return new BridgeException(ErrorReason.ShuttingDown, failure);
        if (database.IsOutage(failure))
        {
            logger.LogWarning(failure, "{Method}: the database is not available", method);
            return new BridgeException(ErrorReason.StoreUnavailable, failure);
        }

        logger.LogError(failure, "{Method}: who calls could not be found, trace {Trace}", method, context.TraceIdentifier);
        return new BridgeException(ErrorReason.InternalError, failure, ("trace_id", context.TraceIdentifier));
    }

    // Whose call it is, or why it is none.
    private readonly record struct Entry(AccountUse? Use, BridgeException? Refusal);
}

/// <summary>A call that was let pass.</summary>
/// <param name="Shown">What it shows of who makes it.</param>
/// <param name="Role">Who may make it.</param>
/// <param name="Admission">Who makes it.</param>
internal sealed record Admitted(ShownCredential Shown, Role Role, Admission Admission);
