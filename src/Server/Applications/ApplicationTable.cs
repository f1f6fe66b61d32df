using Google.Protobuf;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Cases;
using SingleWindowBridge.Server.Storage;

namespace SingleWindowBridge.Server.Applications;

/// <summary>The application forms, as last saved or submitted.</summary>
public static class ApplicationTable
{
    /// <summary>A case's form; empty where there is none yet.</summary>
    public static async Task<Application> GetApplicationAsync(this Sql sql, string caseId)
    {
        var form = await sql.FindAsync<byte[]>("SELECT form FROM applications WHERE case_id = @caseId", new { caseId });
        return form is null ? new Application() : Application.Parser.ParseFrom(form);
    }

    /// <summary>Keeps a form, and what lists show of it.</summary>
    public static Task KeepApplicationAsync(this CaseChange change, Application form)
    {
        change.Case.Category = form.Category;
        change.Case.Products = string.Join(',', form.Products);
        change.Case.Summary = form.Summary;
        return change.Sql.PostAsync(
            "INSERT INTO applications (case_id, form) VALUES (@CaseId, @form) ON CONFLICT (case_id) DO UPDATE SET form = excluded.form",
            new { change.Case.CaseId, form = form.ToByteArray() });
    }
}
