using System.Security.Cryptography;
using SingleWindowBridge.Interop.Messages;

namespace SingleWindowBridge.Interop.KillableHost;

/// <summary>What the host sends: an application with a file, and a second one with the same file. The ids are always the same.</summary>
internal sealed class Contents : IAttachmentSource
{
    private static readonly byte[] Letter = [.. "%PDF-1.4 letter"u8];

    private static readonly Attachment File =
        new("letter.pdf", "application/pdf", Letter.Length, Convert.ToHexStringLower(SHA256.HashData(Letter)));

    private static readonly ContactPerson Contact = new("Export", "A. Person", "Director", "64", "4", "8940100", "a@example.org");

    public static IReadOnlyList<Submission> Submissions { get; } =
    [
        Application("6F1C2A9E-3F0B-4F4E-9D57-0C1B7F3F8A11", "202511000000026467"),
        Application("6F1C2A9E-3F0B-4F4E-9D57-0C1B7F3F8A12", "202511000000026468"),
    ];

    public Task<Stream> OpenAsync(string sha256, CancellationToken cancellationToken) =>
        Task.FromResult<Stream>(new MemoryStream(Letter));

    private static Submission Application(string id, string number) => new(
        id, DateTimeOffset.UnixEpoch, number, "NZ-MPI", 1,
        new ApplicationContent("DAIRY", ["INFANT_FORMULA"], Contact, "Infant formula", [File]));
}
