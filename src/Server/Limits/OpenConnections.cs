using SingleWindowBridge.Server.Grpc;

namespace SingleWindowBridge.Server.Limits;

/// <summary>
/// The connections of this server. Where they are used up a new one takes the place of one on which no good credential was ever shown: the
/// oldest such of the address that has most of them. So strangers never keep out who has a key, however many connections they hold.
/// </summary>
public sealed class OpenConnections(WireLimits wire)
{
    private readonly Lock gate = new();

    // In the order in which they were opened.
    private readonly LinkedList<ConnectionUse> unknown = [];
    private int count;

    /// <summary>Begins a connection; <see cref="Leave"/> ends it.</summary>
    /// <param name="connection">The connection, on which nothing was shown yet.</param>
    /// <param name="gaveWay">The one in whose place it comes, which is to be closed; null for none.</param>
    /// <returns>Whether there is a place.</returns>
    internal bool TryEnter(ConnectionUse connection, out ConnectionUse? gaveWay)
    {
        gaveWay = null;
        lock (gate)
        {
            if (count >= wire.Connections)
            {
                // The first of them is the oldest of its address.
                gaveWay = unknown.MaxBy(each => each.Address.Unknown);
                if (gaveWay is null)
                    return false;
                Remove(gaveWay);
            }

            count++;
            connection.Address.Unknown++;
            connection.Place = unknown.AddLast(connection);
            connection.HasPlace = true;
            return true;
        }
    }

    /// <summary>Notes that a good credential was shown: the connection gives way to none.</summary>
    internal void Know(ConnectionUse connection)
    {
        if (connection.IsKnown)
            return;

        lock (gate)
        {
            connection.IsKnown = true;
            Unlist(connection);
        }
    }

    /// <summary>Ends a connection.</summary>
    internal void Leave(ConnectionUse connection)
    {
        lock (gate)
            Remove(connection);
    }

    private void Remove(ConnectionUse connection)
    {
        if (!connection.HasPlace)
            return;

        connection.HasPlace = false;
        count--;
        Unlist(connection);
    }

    private void Unlist(ConnectionUse connection)
    {
        if (connection.Place is not { } place)
            return;

        unknown.Remove(place);
        connection.Place = null;
        connection.Address.Unknown--;
    }
}
