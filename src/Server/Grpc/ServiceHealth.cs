using System.Data.Common;
using SingleWindowBridge.Server.Storage;
using static Grpc.Health.V1.HealthCheckResponse.Types;

namespace SingleWindowBridge.Server.Grpc;

/// <summary>Whether a service can do its work, as the database behind it says.</summary>
public sealed class ServiceHealth(ServedServices services, IBridgeDatabase database)
{
    /// <summary>The status of a service by its full name; of the server as a whole for the empty name.</summary>
    public async Task<ServingStatus> StatusOfAsync(string service, CancellationToken cancellationToken)
    {
        if (service.Length > 0 && services.Descriptors.All(descriptor => descriptor.FullName != service))
            return ServingStatus.ServiceUnknown;

        try
        {
            await using var sql = await database.OpenAsync(cancellationToken);
            await sql.GetAsync<long>("SELECT COUNT(*) FROM migrations");
            return ServingStatus.Serving;
        }
        catch (DbException)
        {
            return ServingStatus.NotServing;
        }
    }
}
