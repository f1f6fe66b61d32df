using System.CommandLine;
using Spectre.Console;

namespace SingleWindowBridge.Tool.Files;

/// <summary>swbridge files get: a file's content, checked by its hash.</summary>
internal static class GetFile
{
    public static Command Make()
    {
        var which = new Argument<string>("file") { Description = "The file's id; a case and its receipts name it." };
        var target = new Option<string?>("--out", "-o") { Description = "Where to; - for the standard output. By default here, under its own name." };
        var force = new Option<bool>("--force") { Description = "Replace what is there." };
        return ClientCommand.Make(
            "get", "Downloads a file.", [which, target, force],
            async (options, client, screen, cancellationToken) =>
            {
                var id = options.GetRequiredValue(which);
                if (options.GetValue(target) == "-")
                {
                    await using var output = Console.OpenStandardOutput();
                    await client.Files.DownloadAsync(id, output, cancellationToken: cancellationToken);
                    return;
                }

                var described = await client.Files.GetAsync(id, cancellationToken);
                var path = Path.GetFullPath(options.GetValue(target) ?? Path.GetFileName(described.Name));
                if (Directory.Exists(path))
                    path = Path.Combine(path, Path.GetFileName(described.Name));
                if (File.Exists(path) && !options.GetValue(force))
                    throw new IOException($"{path} 已存在；加 --force 可覆盖。 {path} is there already; --force replaces it.");
                var stored = await client.Files.DownloadAsync(id, path, cancellationToken: cancellationToken);
                if (screen.IsJson)
                    Screen.Line(new { stored.Id, stored.Name, stored.MediaType, stored.SizeBytes, stored.Sha256, Path = path });
                else
                    Screen.Show(new Text($"{path}  {stored.SizeBytes:N0} B  sha256 {stored.Sha256}\n"));
            });
    }
}
