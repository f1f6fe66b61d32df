using Google.Protobuf;
using SingleWindowBridge.Server.Storage;

namespace SingleWindowBridge.Bench.Wire;

/// <summary>Puts receipts into the database of a server that runs.</summary>
internal static class StoredFeed
{
    /// <summary>Adds the receipts 1 to count to an authority's empty feed.</summary>
    public static async Task FillAsync(string path, string authorityId, int count)
    {
        using var database = new SqliteDatabase(path);
        await database.WriteAsync(
            Scope.Of(authorityId),
            async sql =>
            {
                for (var number = 1; number <= count; number++)
                {
                    await sql.ExecuteAsync(
                        "INSERT INTO receipts (authority_id, number, case_id, content) VALUES (@authorityId, @number, @CaseId, @content)",
                        new { authorityId, number, Samples.CaseId, content = Samples.Receipt(number).ToByteArray() });
                }

                return await sql.ExecuteAsync(
                    "UPDATE feeds SET head = @count WHERE authority_id = @authorityId", new { authorityId, count });
            },
            CancellationToken.None);
    }
}
