using SingleWindowBridge.Server.Storage;

namespace SingleWindowBridge.Server.Exchange;

/// <summary>The cases that sandbox accounts have erased: what was on its way about them meanwhile, in either direction, is dropped.</summary>
public static class ErasedCases
{
    /// <summary>Whether the case with this official number was erased, not long ago.</summary>
    public static async Task<bool> IsErasedAsync(this Sql sql, string caseNumber) => await sql.GetAsync<long>(
        "SELECT COUNT(*) FROM erased_cases WHERE case_number = @caseNumber", new { caseNumber }) > 0;
}
