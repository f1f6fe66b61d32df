using System.CommandLine;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SingleWindow.Admin.V1;

namespace SingleWindowBridge.Server.CommandLine;

/// <summary>certificates: what an operator does with the client certificates of an account.</summary>
internal static class CertificateCommands
{
    /// <summary>certificates add, list, remove.</summary>
    public static Command Certificates(string[] settings) =>
        new("certificates", "The client certificates of an account.") { Add(settings), List(settings), Remove(settings) };

    private static Command Add(string[] settings)
    {
        var id = AccountCommands.Id();
        var file = new Option<string>("--file") { Description = "The certificate itself, in PEM or DER; its thumbprint is kept." };
        var thumbprint = new Option<string>("--thumbprint") { Description = "Or its SHA-256, in hexadecimal digits." };
        var subject = new Option<string>("--subject") { Description = "Or the names that it and its successors have: whom it is issued to," };
        var issuer = new Option<string>("--issuer") { Description = "and who issued it." };
        var note = new Option<string>("--note") { Description = "What it is for." };
        var command = new Command("add", "Has a client certificate stand for an account.") { id, file, thumbprint, subject, issuer, note };
        command.SetAction((words, cancellationToken) => OperatorCommands.ActAsync(
            settings,
            async (actions, by, cancellation) =>
            {
                var request = new AddCertificateRequest
                {
                    RequestId = AccountCommands.NewId(), AccountId = words.GetRequiredValue(id), Note = words.GetValue(note) ?? "",
                };
                if (words.GetValue(subject) is { } names)
                    request.Names = new CertificateNames { Subject = names, Issuer = words.GetValue(issuer) ?? "" };
                else if (words.GetValue(file) is { } path)
                    request.Sha256Thumbprint = ThumbprintOf(path);
                else if (words.GetValue(thumbprint) is { } digits)
                    request.Sha256Thumbprint = digits;
                Write([(await actions.AddCertificateAsync(request, by, cancellation)).Certificate]);
            },
            cancellationToken));
        return command;
    }

    private static Command List(string[] settings)
    {
        var id = AccountCommands.Id();
        var command = new Command("list", "Lists the client certificates of an account.") { id };
        command.SetAction((words, cancellationToken) => OperatorCommands.ActAsync(
            settings,
            async (actions, _, cancellation) => Write((await actions.ListCertificatesAsync(
                new ListCertificatesRequest { AccountId = words.GetRequiredValue(id) }, cancellation)).Certificates),
            cancellationToken));
        return command;
    }

    private static Command Remove(string[] settings)
    {
        var id = AccountCommands.Id();
        var certificate = new Argument<string>("certificate") { Description = "The certificate's id, as certificates list gives it." };
        var command = new Command("remove", "Has a client certificate stand for an account no more.") { id, certificate };
        command.SetAction((words, cancellationToken) => OperatorCommands.ActAsync(
            settings,
            async (actions, by, cancellation) =>
            {
                var request = new RemoveCertificateRequest
                {
                    RequestId = AccountCommands.NewId(), AccountId = words.GetRequiredValue(id), CertificateId = words.GetRequiredValue(certificate),
                };
                Write([(await actions.RemoveCertificateAsync(request, by, cancellation)).Certificate]);
            },
            cancellationToken));
        return command;
    }

    private static void Write(IEnumerable<Certificate> certificates) => Columns.Write(
        ["ID", "MADE", "LAST USED", "KNOWN BY", "NOTE"],
        certificates.Select(certificate => new[]
        {
            certificate.CertificateId, Columns.Text(certificate.CreateTime), Columns.Text(certificate.LastUseTime),
            certificate.Names is { } names ? $"{names.Subject}, issued by {names.Issuer}" : certificate.Sha256Thumbprint, certificate.Note,
        }));

    private static string ThumbprintOf(string path)
    {
        try
        {
            using var certificate = X509CertificateLoader.LoadCertificateFromFile(path);
            return certificate.GetCertHashString(HashAlgorithmName.SHA256);
        }
        catch (Exception unreadable) when (unreadable is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new InvalidOperationException($"{path} is no certificate that can be read: {unreadable.Message}", unreadable);
        }
    }
}
