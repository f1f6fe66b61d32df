using System.Security.Cryptography;
using Google.Protobuf;
using Grpc.Core;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Tests.Running;

namespace SingleWindowBridge.Server.Tests.Files;

public sealed class UploadTests(ScriptedServer server) : IClassFixture<ScriptedServer>
{
    private const int Most = 4_194_304;

    private Authority Us => server.First;

    [Theory]
    [InlineData("letter.pdf", "application/pdf")]
    [InlineData("LETTER.PDF", "application/pdf")]
    [InlineData("申请函 签章.pdf", "application/pdf")]
    [InlineData("scan.png", "image/png")]
    [InlineData("scan.gif", "image/gif")]
    [InlineData("scan.jpg", "image/jpeg")]
    [InlineData("scan.of.page.1.jpeg", "image/jpeg")]
    public async Task A_file_of_a_known_type_is_stored(string name, string mediaType)
    {
        var content = Content(name);
        var file = await Us.UploadAsync(Header(name, content), content);
        Assert.Equal(
            (name, mediaType, content.Length, Convert.ToHexStringLower(SHA256.HashData(content)), FileOrigin.Authority),
            (file.Name, file.MediaType, file.SizeBytes, file.Sha256, file.Origin));
        Assert.Equal(file, (await Us.Files.GetFileAsync(new GetFileRequest { FileId = file.FileId })).File);
    }

    [Theory]
    [InlineData("form.docx")]
    [InlineData("form.pdf.exe")]
    [InlineData("form")]
    [InlineData("form.")]
    [InlineData("pdf")]
    [InlineData("form.pdf ")]
    [InlineData("form.svg")]
    public async Task A_name_of_another_type_is_refused(string name)
    {
        var refusal = await RefusedAsync(Header(name, SampleFiles.Pdf), SampleFiles.Pdf);
        refusal.Is(StatusCode.InvalidArgument, ErrorReason.FileTypeNotAllowed);
        Assert.Equal(name, refusal.Metadata["name"]);
    }

    [Fact]
    public async Task A_content_that_is_not_what_the_name_says_is_refused()
    {
        foreach (var (name, content) in new[]
        {
            ("form.pdf", SampleFiles.Zip()), ("form.pdf", SampleFiles.Png), ("form.png", SampleFiles.Jpeg),
                ("form.gif", SampleFiles.Pdf),
            ("form.jpg", SampleFiles.Gif), ("form.pdf", [(byte)'%']), ("form.png", new byte[100]),
        })
        {
            var refusal = await RefusedAsync(Header(name, content), content);
            refusal.Is(StatusCode.InvalidArgument, ErrorReason.FileContentMismatch);
            Assert.Equal(name, refusal.Metadata["name"]);
        }
    }

    [Fact]
    public async Task What_is_wrong_with_a_content_is_told_with_its_field_and_place()
    {
        byte[] content = [.. SampleFiles.Png, .. SampleFiles.Zip()];
        var refusal = await RefusedAsync(Header("form.png", content), content);
        refusal.Is(StatusCode.InvalidArgument, ErrorReason.FileContentMismatch);
        Assert.Equal("chunk Malformed", refusal.Fields);
        Assert.Equal(("DATA_AFTER_END", $"{SampleFiles.Png.Length}"), (refusal.Metadata["problem"], refusal.Metadata["offset"]));
        Assert.Contains("something else follows", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_encrypted_document_is_refused_by_name()
    {
        var content = SampleFiles.PdfOf(["<< >>"], "", "/Encrypt 2 0 R ");
        (await RefusedAsync(Header("form.pdf", content), content)).Is(StatusCode.InvalidArgument, ErrorReason.FileEncrypted);
    }

    [Fact]
    public async Task An_image_of_too_many_pixels_is_refused()
    {
        var content = FileMaker.Png(20_000, 10_000);
        var refusal = await RefusedAsync(Header("scan.png", content), content);
        refusal.Is(StatusCode.InvalidArgument, ErrorReason.ImageTooLarge);
        Assert.Equal(("20000", "10000", "100000000"),
            (refusal.Metadata["width"], refusal.Metadata["height"], refusal.Metadata["limit_pixels"]));
    }

    [Theory]
    [InlineData("form.php.pdf", ".php")]
    [InlineData("form.jpg.pdf", ".jpg")]
    public async Task A_name_with_two_extensions_is_refused(string name, string extension)
    {
        var refusal = await RefusedAsync(Header(name, SampleFiles.Pdf), SampleFiles.Pdf);
        refusal.Is(StatusCode.InvalidArgument, ErrorReason.FileNameAmbiguous);
        Assert.Equal(("header.name Malformed", extension), (refusal.Fields, refusal.Metadata["extension"]));
    }

    [Theory]
    [InlineData("letter.pdf")]
    [InlineData("scan.png")]
    [InlineData("scan.gif")]
    [InlineData("scan.jpg")]
    public async Task A_content_that_was_cut_short_is_refused(string name)
    {
        var content = Content(name)[..^8];
        (await RefusedAsync(Header(name, content), content)).Is(StatusCode.InvalidArgument, ErrorReason.FileContentMismatch);
    }

    [Fact]
    public async Task Four_megabytes_pass_in_chunks_small_and_large()
    {
        var content = SampleFiles.PdfOf(Most);
        var file = await Us.UploadAsync(Header("large.pdf", content), content.Chunk(64 * 1024).ToArray());
        Assert.Equal(Most, file.SizeBytes);
        Assert.Equal(file.Sha256,
            (await Us.UploadAsync(Header("large.pdf", content), content.Chunk(1024 * 1024).ToArray())).Sha256);
    }

    [Fact]
    public async Task One_byte_more_does_not_pass_declared_or_not()
    {
        var content = SampleFiles.PdfOf(Most + 1);
        var declared = await RefusedAsync(Header("large.pdf", content), content.Chunk(64 * 1024).ToArray());
        declared.Is(StatusCode.InvalidArgument, ErrorReason.FileTooLarge);
        Assert.Equal("4194304", declared.Metadata["limit_bytes"]);

        var header = Header("large.pdf", content);
        header.SizeBytes = Most;
        (await RefusedAsync(header, content.Chunk(64 * 1024).ToArray())).Is(StatusCode.InvalidArgument, ErrorReason.FileTooLarge);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public async Task More_or_fewer_bytes_than_declared_are_refused(int difference)
    {
        var header = Header("letter.pdf", SampleFiles.Pdf);
        header.SizeBytes += difference;
        var refusal = await RefusedAsync(header, SampleFiles.Pdf);
        refusal.Is(StatusCode.InvalidArgument, ErrorReason.FileSizeMismatch);
        Assert.Equal(($"{header.SizeBytes}", $"{SampleFiles.Pdf.Length}"),
            (refusal.Metadata["declared_bytes"], refusal.Metadata["received_bytes"]));
    }

    [Fact]
    public async Task The_hash_is_checked_where_it_is_given()
    {
        var header = Header("letter.pdf", SampleFiles.Pdf);
        header.Sha256 = Convert.ToHexString(SHA256.HashData(SampleFiles.Pdf));
        Assert.Equal(header.Sha256.ToLowerInvariant(), (await Us.UploadAsync(header, SampleFiles.Pdf)).Sha256);

        header.RequestId = Authority.NewId();
        header.Sha256 = new string('0', 64);
        var refusal = await RefusedAsync(header, SampleFiles.Pdf);
        refusal.Is(StatusCode.InvalidArgument, ErrorReason.FileHashMismatch);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(SampleFiles.Pdf)), refusal.Metadata["sha256"]);
    }

    [Fact]
    public async Task An_upload_is_one_header_and_then_chunks()
    {
        var header = new UploadFileRequest { Header = Header("letter.pdf", SampleFiles.Pdf) };
        var chunk = new UploadFileRequest { Chunk = ByteString.CopyFrom(SampleFiles.Pdf) };
        foreach (var messages in new UploadFileRequest[][] { [], [chunk], [chunk, header], [header, header],
            [header, chunk, header], [new()], [header, new()] })
        {
            (await Refusal.OfAsync(() => Us.UploadAsync(messages))).Is(StatusCode.InvalidArgument, ErrorReason.UploadOutOfOrder);
        }
    }

    [Theory]
    [InlineData("", 100, "header.name Required")]
    [InlineData("../letter.pdf", 100, "header.name Malformed")]
    [InlineData("C:\\letters\\letter.pdf", 100, "header.name Malformed")]
    [InlineData("letter\r\n.pdf", 100, "header.name Malformed")]
    [InlineData("letter\u0007.pdf", 100, "header.name Malformed")]
    [InlineData("fdp\u202E.pdf", 100, "header.name Malformed")]
    [InlineData("letter.pdf", 0, "header.size_bytes OutOfRange")]
    [InlineData("letter.pdf", -1, "header.size_bytes OutOfRange")]
    public async Task A_wrong_header_is_told_by_its_field(string name, long size, string problem)
    {
        var header = new UploadFileHeader { RequestId = Authority.NewId(), Name = name, SizeBytes = size };
        Assert.Equal(problem, (await RefusedAsync(header)).Fields);
    }

    [Fact]
    public async Task Everything_wrong_with_a_header_is_told_at_once()
    {
        var header = new UploadFileHeader { RequestId = "x", Name = new string('n', 256), Sha256 = "abc" };
        Assert.Equal(
            "header.name TooLong\nheader.request_id Malformed\nheader.sha256 Malformed\nheader.size_bytes OutOfRange",
            (await RefusedAsync(header)).Fields);
    }

    [Fact]
    public async Task The_longest_name_passes()
    {
        var header = Header($"{new string('名', 251)}.pdf", SampleFiles.Pdf);
        Assert.Equal(header.Name, (await Us.UploadAsync(header, SampleFiles.Pdf)).Name);
    }

    [Fact]
    public async Task A_file_may_come_a_byte_at_a_time()
    {
        var file = await Us.UploadAsync(Header("scan.gif", SampleFiles.Gif), [.. SampleFiles.Gif.Select(it => new[] { it })]);
        Assert.Equal(SampleFiles.Gif.Length, file.SizeBytes);
    }

    [Fact]
    public async Task A_download_gives_what_was_uploaded_from_any_place()
    {
        var content = SampleFiles.PdfOf(200_001);
        RandomNumberGenerator.Fill(content.AsSpan(1000, 190_000));
        var file = await Us.UploadAsync(Header("letter.pdf", content), content);
        foreach (var offset in new[] { 0, 1, 65_535, 65_536, 200_000, 200_001 })
        {
            using var call = Us.Files.DownloadFile(new DownloadFileRequest { FileId = file.FileId, Offset = offset });
            Assert.Equal(ByteString.CopyFrom(content, offset, content.Length - offset), await Downloads.ReadAsync(call, file));
        }
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public async Task A_download_from_outside_the_file_is_refused(int beyond)
    {
        var id = await Us.UploadAsync();
        var offset = beyond < 0 ? beyond : SampleFiles.Pdf.Length + beyond;
        var refusal = await Refusal.OfAsync(async () =>
        {
            using var call = Us.Files.DownloadFile(new DownloadFileRequest { FileId = id, Offset = offset });
            await call.ResponseStream.MoveNext(CancellationToken.None);
        });
        Assert.Equal("offset OutOfRange", refusal.Fields);
    }

    private static byte[] Content(string name) => Path.GetExtension(name).ToLowerInvariant() switch
    {
        ".png" => SampleFiles.Png,
        ".gif" => SampleFiles.Gif,
        ".jpg" or ".jpeg" => SampleFiles.Jpeg,
        _ => SampleFiles.Pdf,
    };

    private static UploadFileHeader Header(string name, byte[] content) =>
        new() { RequestId = Authority.NewId(), Name = name, SizeBytes = content.Length };

    private Task<Refusal> RefusedAsync(UploadFileHeader header, params byte[][] chunks) =>
        Refusal.OfAsync(() => Us.UploadAsync(header, chunks));
}
