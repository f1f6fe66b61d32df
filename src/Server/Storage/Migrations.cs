using System.Reflection;

namespace SingleWindowBridge.Server.Storage;

/// <summary>
/// The numbered SQL files of an engine, applied in order, each once. Released files are never edited; a change of the tables is a
/// new file.
/// </summary>
public static class Migrations
{
    /// <summary>Applies what is missing, inside the caller's transaction, and gives the number of files applied.</summary>
    public static async Task<int> ApplyAsync(Sql sql, string engine)
    {
        await sql.ExecuteAsync("CREATE TABLE IF NOT EXISTS migrations (name TEXT PRIMARY KEY)");
        var applied = (await sql.ListAsync<string>("SELECT name FROM migrations")).ToHashSet();
        var missing = Files(engine).Where(file => !applied.Contains(file.Name)).ToList();
        foreach (var (name, text) in missing)
        {
            await sql.ExecuteAsync(text);
            await sql.ExecuteAsync("INSERT INTO migrations (name) VALUES (@name)", new { name });
        }

        return missing.Count;
    }

    /// <summary>The names of an engine's files, in order.</summary>
    public static IEnumerable<string> Names(string engine) => Files(engine).Select(file => file.Name);

    private static IEnumerable<(string Name, string Text)> Files(string engine)
    {
        var assembly = Assembly.GetExecutingAssembly();
        var folder = $"{typeof(Migrations).Namespace}.Migrations.{engine}.";
        foreach (var resource in assembly.GetManifestResourceNames().Where(name => name.StartsWith(folder, StringComparison.Ordinal)).Order())
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
            yield return (resource[folder.Length..], reader.ReadToEnd());
        }
    }
}
