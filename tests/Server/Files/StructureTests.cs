using System.Diagnostics;
using System.Text;
using SingleWindowBridge.Interop.Sandbox;
using SingleWindowBridge.Server.Files;
using SingleWindowBridge.Server.Files.Structure;
using SingleWindowBridge.Server.Tests.Running;
using static SingleWindowBridge.Server.Tests.Files.FileMaker;

namespace SingleWindowBridge.Server.Tests.Files;

/// <summary>What a file of each type may hold from its first byte to its last.</summary>
public sealed class StructureTests
{
    private static readonly byte[] NeverEnds = Latin("%PDF-1.4\nxref\n0 1\n0000000000 65535 f \ntrailer << /Size 1 /Root 1 0 R /Prev 9 >>\nstartxref\n9\n%%EOF\n");

    public static TheoryData<string, byte[]> RightFiles => new()
    {
        { "a page.pdf", SampleFiles.Pdf },
        { "a page of the sandbox.pdf", PdfPage.Write("Title", "主题", ["line (with) brackets", "\\"]) },
        { "with blanks after its end.pdf", Join(SampleFiles.Pdf, Latin("\r\n  \0\0")) },
        { "with a cross-reference stream.pdf", StreamPdf() },
        { "saved in place.pdf", Updated(SampleFiles.Pdf) },
        { "saved in place three times.pdf", Updated(Updated(Updated(SampleFiles.Pdf))) },
        { "saved in place after a stream.pdf", Updated(StreamPdf()) },
        { "linearized.pdf", Linearized() },
        { "with what a trailer may hold.pdf", SampleFiles.PdfOf(
            ["<< /Type /Catalog >>"], "", "/Info << /Title (a \\( b (c) ) /Keys [ 1 -2.5 true null <FEFF> /Name#20x [ << >> ] ] >> % comment >>\n/ID [ <00> <01> ] ") },
        { "one pixel.png", SampleFiles.Png },
        { "with texts.png", Png(3, 3, Chunk("tEXt", Latin("Comment\0made by a test")), Chunk("pHYs", new byte[9])) },
        { "with colours.png", Join(PngStart(2, 2, colour: 3), Chunk("PLTE", new byte[6]), Chunk("IDAT", [1]), Chunk("IDAT", [2]), Chunk("IEND", [])) },
        { "one pixel.gif", SampleFiles.Gif },
        { "ten frames.gif", Gif(5, 5, 10, [0x21, 0xFE, 3, 1, 2, 3, 0]) },
        { "one pixel.jpg", SampleFiles.Jpeg },
        { "with fill bytes.jpg", Jpeg(9, 9, [0xFF, 0xFF], Segment(0xE1, 0, 1, 2)) },
        { "with its height after the scan.jpg", LateHeight() },
        { "with a second picture that the first announces.jpg", Join(Jpeg(9, 9, Segment(0xE2, [.. "MPF\0"u8])), Jpeg(3, 3)) },
    };

    public static TheoryData<string, byte[], FileFault> WrongFiles => new()
    {
        { "nothing.pdf", [], FileFault.AnotherType },
        { "of no version.pdf", Latin("%PDF-x.y\n%%EOF"), FileFault.AnotherType },
        { "with a line before.pdf", Join(Latin("\n"), SampleFiles.Pdf), FileFault.AnotherType },
        { "cut.pdf", SampleFiles.Pdf[..^8], FileFault.CutShort },
        { "header and end alone.pdf", Latin("%PDF-1.4\n%%EOF\n"), FileFault.Broken },
        { "its middle cut out.pdf", Join(SampleFiles.PdfOf(4000)[..900], SampleFiles.PdfOf(4000)[2000..]), FileFault.Broken },
        { "its table elsewhere.pdf", Replaced(SampleFiles.Pdf, "startxref\n", "startxref\n1"), FileFault.Broken },
        { "no number.pdf", Replaced(SampleFiles.Pdf, "startxref\n", "startxref\nx"), FileFault.Broken },
        { "a number too large.pdf", Replaced(SampleFiles.Pdf, "startxref\n", "startxref\n99999999999999999999"), FileFault.Broken },
        { "no catalogue.pdf", Replaced(SampleFiles.Pdf, "/Root 1 0 R", ""), FileFault.Broken },
        { "more entries promised.pdf", Replaced(SampleFiles.Pdf, "xref\n0 4", "xref\n0 2000000000"), FileFault.Broken },
        { "an object after the end.pdf", Replaced(SampleFiles.Pdf, "0000000009 00000 n", "0900000009 00000 n"), FileFault.Broken },
        { "a circle.pdf", NeverEnds, FileFault.Broken },
        { "an object that lists nothing.pdf", StreamPdf("/Type /Catalog /Size 1 /Root 1 0 R "), FileFault.Broken },
        { "a stream past the end.pdf", StreamPdf("/Type /XRef /W [1 2 1] /Size 1 /Root 1 0 R /Length 4000 "), FileFault.Broken },
        { "deeper than any.pdf", SampleFiles.PdfOf(["<< >>"], "", $"/X {new string('[', 100_000)} "), FileFault.Broken },
        { "encrypted.pdf", SampleFiles.PdfOf(["<< >>"], "", "/Encrypt << /Filter /Standard >> "), FileFault.Encrypted },
        { "encrypted by its first save.pdf", Updated(SampleFiles.PdfOf(["<< >>"], "", "/Encrypt 3 0 R ")), FileFault.Encrypted },
        { "a page behind.pdf", Join(SampleFiles.Pdf, Latin("<html><script>alert(1)</script>")), FileFault.DataAfterEnd },
        { "an archive behind.pdf", Join(SampleFiles.Pdf, SampleFiles.Zip()), FileFault.DataAfterEnd },
        { "another behind.pdf", Join(SampleFiles.Pdf, SampleFiles.Pdf), FileFault.DataAfterEnd },
        { "blanks without end.pdf", Join(SampleFiles.Pdf, new byte[2000]), FileFault.DataAfterEnd },
        { "an archive inside.pdf", SampleFiles.PdfOf(["<< >>"], Encoding.Latin1.GetString(SampleFiles.Zip())), FileFault.TwoTypes },
        { "a long archive inside.pdf", SampleFiles.PdfOf(["<< >>"], Encoding.Latin1.GetString(SampleFiles.Zip64())), FileFault.TwoTypes },
        { "cut.png", SampleFiles.Png[..^8], FileFault.CutShort },
        { "a bit turned.png", Turned(SampleFiles.Png, 30), FileFault.Broken },
        { "no data.png", Join(PngStart(1, 1), Chunk("IEND", [])), FileFault.Broken },
        { "no pixels.png", Png(0, 5), FileFault.Broken },
        { "a depth that there is not.png", Join(PngStart(1, 1, depth: 3), Chunk("IDAT", [1]), Chunk("IEND", [])), FileFault.Broken },
        { "colours that are not there.png", Join(PngStart(1, 1, colour: 3), Chunk("IDAT", [1]), Chunk("IEND", [])), FileFault.Broken },
        { "two headers.png", Png(2, 2, PngStart(2, 2)[8..]), FileFault.Broken },
        { "an unknown part that must be known.png", Png(2, 2, Chunk("ABCD", [1])), FileFault.Broken },
        { "data in two places.png", Png(2, 2, Chunk("IDAT", [1]), Chunk("tEXt", [65, 0])), FileFault.Broken },
        { "a part without end.png", Join(PngStart(1, 1), [0x7F, 255, 255, 255], Latin("IDAT"), new byte[40]), FileFault.CutShort },
        { "an archive behind.png", Join(SampleFiles.Png, SampleFiles.Zip()), FileFault.DataAfterEnd },
        { "an archive inside.png", Png(2, 2, Chunk("zIPs", SampleFiles.Zip())), FileFault.TwoTypes },
        { "a long archive inside.png", Png(2, 2, Chunk("zIPs", SampleFiles.Zip64())), FileFault.TwoTypes },
        { "a PDF inside.png", Png(2, 2, Chunk("tEXt", SampleFiles.Pdf)), FileFault.TwoTypes },
        { "cut.gif", SampleFiles.Gif[..^1], FileFault.CutShort },
        { "cut in its header.gif", SampleFiles.Gif[..10], FileFault.CutShort },
        { "no picture.gif", Gif(5, 5, 0), FileFault.Broken },
        { "no pixels.gif", Gif(0, 5), FileFault.Broken },
        { "a block that there is not.gif", Gif(5, 5, 1, [0x77, 0]), FileFault.Broken },
        { "a script behind.gif", Join(SampleFiles.Gif, Latin("/*<script>*/")), FileFault.DataAfterEnd },
        { "a RAR inside.gif", Gif(5, 5, 1, [0x21, 0xFE, 7, .. "Rar!\u001A\u0007\0"u8, 0]), FileFault.TwoTypes },
        { "cut.jpg", SampleFiles.Jpeg[..^8], FileFault.CutShort },
        { "no scan.jpg", Join(Jpeg(9, 9)[..15], [0xFF, 0xD9]), FileFault.Broken },
        { "two frames.jpg", Jpeg(9, 9, Jpeg(9, 9)[2..15]), FileFault.Broken },
        { "no pixels.jpg", Jpeg(0, 9), FileFault.Broken },
        { "its height never said.jpg", Jpeg(9, 0), FileFault.Broken },
        { "a segment without end.jpg", Join([0xFF, 0xD8, 0xFF, 0xE1, 0xFF, 0xFF], new byte[60]), FileFault.CutShort },
        { "an archive behind.jpg", Join(SampleFiles.Jpeg, SampleFiles.Zip()), FileFault.DataAfterEnd },
        { "a picture behind that nothing announces.jpg", Join(Jpeg(9, 9), Jpeg(3, 3)), FileFault.DataAfterEnd },
        { "a page behind.jpg", Join(SampleFiles.Jpeg, Latin("<?php system($_GET['c']);")), FileFault.DataAfterEnd },
        { "a PDF inside.jpg", Jpeg(9, 9, Segment(0xFE, SampleFiles.Pdf)), FileFault.TwoTypes },
        { "a 7z inside.jpg", Jpeg(9, 9, Segment(0xFE, 0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C)), FileFault.TwoTypes },
    };

    [Theory]
    [MemberData(nameof(RightFiles))]
    public void A_whole_file_passes(string name, byte[] content) => Assert.Equal(FileFault.None, Found(name, content).Fault);

    [Theory]
    [MemberData(nameof(WrongFiles))]
    public void A_file_that_is_not_whole_and_one_is_told_by_its_fault(string name, byte[] content, FileFault fault) =>
        Assert.Equal(fault, Found(name, content).Fault);

    [Fact]
    public void Every_file_of_the_samples_passes()
    {
        var files = Directory.GetFiles(Path.Combine(Root(), "samples", "BackOffice", "inputs", "files"));
        Assert.True(files.Length > 20);
        Assert.All(files, file => Assert.Equal(FileFault.None, Found(file, File.ReadAllBytes(file)).Fault));
    }

    [Fact]
    public void The_dimensions_are_those_that_the_image_says()
    {
        Assert.Equal((300, 200, 60_000), Sides(Found(".png", Png(300, 200))));
        Assert.Equal((300, 200, 60_000), Sides(Found(".jpg", Jpeg(300, 200))));
        Assert.Equal((300, 200, 180_000), Sides(Found(".gif", Gif(300, 200, 3))));
        Assert.Equal((9, 9, 90), Sides(Found(".jpg", Join(Jpeg(9, 9, Segment(0xE2, [.. "MPF\0"u8])), Jpeg(3, 3)))));
        Assert.True(Found(".png", Png(int.MaxValue, int.MaxValue)).Pixels > FileLimits.UsualPixels);
    }

    // Seeded: bytes turned, put in, taken out and repeated; parts of one file put into another.
    [Fact]
    public void Whatever_a_file_holds_it_is_walked_quickly_and_never_fails()
    {
        var random = new Random(20_261_122);
        var whole = RightFiles.Select(row => ((string)row[0], (byte[])row[1])).ToList();
        var accepted = 0;
        for (var round = 0; round < 40_000; round++)
        {
            var (name, content) = whole[random.Next(whole.Count)];
            var spoiled = Spoil([.. content], random, whole[random.Next(whole.Count)].Item2);
            accepted += Found(name, spoiled).Fault == FileFault.None ? 1 : 0;
        }

        // Most are refused: only what lies in data is free to change.
        Assert.InRange(accepted, 1, 20_000);
    }

    [Fact]
    public void The_largest_files_made_to_be_slow_are_not()
    {
        var chain = new StringBuilder("%PDF-1.4\n");
        var last = 0;
        while (chain.Length < FileRules.MostBytes - 400)
        {
            var at = chain.Length;
            chain.Append($"xref\n0 0\ntrailer << /Size 1 /Root 1 0 R {(last > 0 ? $"/Prev {last} " : "")}>>\n");
            last = at;
        }

        // Each section lies in a text of the one around it, so that all of the rest is read again for each.
        var nested = new StringBuilder("%PDF-1.4\n");
        for (var depth = 0; nested.Length < FileRules.MostBytes / 2; depth++)
            nested.Append($"xref\n0 0\ntrailer << /Size 1 /Root 1 0 R /Prev {nested.Length + 61:D7} /X ({new string(' ', 20)}");
        var files = new List<(string Name, byte[] Content)>
        {
            ("chain.pdf", Latin($"{chain}startxref\n{last}\n%%EOF")),
            ("nested.pdf", Latin($"{nested}{new string(')', 1000)}>>\nstartxref\n9\n%%EOF")),
            ("brackets.pdf", SampleFiles.PdfOf(["<< >>"], "", $"/X {new string('[', 4_000_000)} ")),
            ("comments.pdf", SampleFiles.PdfOf(["<< >>"], "", string.Concat(Enumerable.Repeat("%\n", 2_000_000)))),
            ("ends.pdf", Latin($"%PDF-1.4\n{string.Concat(Enumerable.Repeat("PK\u0005\u0006", 1_000_000))}\n%%EOF")),
            ("markers.jpg", Join([0xFF, 0xD8], [.. Enumerable.Repeat((byte)0xFF, 4_000_000)])),
            ("scan.jpg", Join(Jpeg(9, 9)[..^2], [.. Enumerable.Repeat(new byte[] { 0xFF, 0 }, 2_000_000).SelectMany(it => it)], [0xFF, 0xD9])),
            ("chunks.png", Png(2, 2, [.. Enumerable.Repeat(Chunk("tEXt", []), 300_000)])),
            ("blocks.gif", Gif(5, 5, 200_000)),
        };
        foreach (var (name, content) in files)
        {
            var begun = Stopwatch.GetTimestamp();
            Found(name, content);
            Assert.True(Stopwatch.GetElapsedTime(begun) < TimeSpan.FromSeconds(2), name);
        }
    }

    [Theory]
    [InlineData("form.pdf", null)]
    [InlineData("申请函 签章.pdf", null)]
    [InlineData("scan.of.page.1.jpeg", null)]
    [InlineData("report v1.2.pdf", null)]
    [InlineData("letter to www.example.com.pdf", null)]
    [InlineData("scan.pdf.PDF", null)]
    [InlineData("photo.jpg.jpeg", null)]
    [InlineData("x.php.jpg", ".php")]
    [InlineData("x.PHP5.copy.jpg", ".PHP5")]
    [InlineData("x.pdf.jpg", ".pdf")]
    [InlineData("x.exe .pdf", ".exe")]
    [InlineData("x.docx.pdf", ".docx")]
    [InlineData(".htaccess.html.gif", ".html")]
    public void A_second_extension_is_found(string name, string? extension) => Assert.Equal(extension, FileNames.OtherExtension(name));

    private static (long, long, long) Sides(FileFinding finding) => (finding.Width, finding.Height, finding.Pixels);

    private static FileFinding Found(string name, byte[] content) => FileStructure.Check(FileRules.MediaTypeOf(name), content);

    private static byte[] Replaced(byte[] content, string text, string by) =>
        Latin(Encoding.Latin1.GetString(content).Replace(text, by, StringComparison.Ordinal));

    private static byte[] Turned(byte[] content, int at) => [.. content.Select((each, index) => index == at ? (byte)~each : each)];

    // The first page's table stands first, is the one that the end leads to, and leads on to the other.
    private static byte[] Linearized()
    {
        const string Start = "%PDF-1.4\n1 0 obj << /Linearized 1 >> endobj\n";
        const string First = "xref\n1 1\n0000000009 00000 n \ntrailer << /Size 3 /Root 2 0 R /Prev 0000000191 >>\nstartxref\n0\n%%EOF\n";
        var body = $"{Start}{First}2 0 obj << /Type /Catalog >> endobj\n";
        body = body.Replace("0000000191", $"{body.Length:D10}", StringComparison.Ordinal);
        return Latin($"{body}xref\n0 1\n0000000000 65535 f \ntrailer << /Size 1 >>\nstartxref\n{Start.Length}\n%%EOF\n");
    }

    private static byte[] LateHeight()
    {
        var content = Jpeg(9, 0);
        return Join(content[..^2], Segment(0xDC, 0, 7), content[^2..]);
    }

    private static byte[] Spoil(List<byte> content, Random random, byte[] other)
    {
        for (var times = random.Next(1, 4); times > 0; times--)
        {
            var at = random.Next(content.Count + 1);
            var length = random.Next(1, 20);
            switch (random.Next(6))
            {
                case 0 when at < content.Count:
                    content[at] = (byte)random.Next(256);
                    break;
                case 1 when at < content.Count:
                    content[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 2:
                    content.RemoveRange(at, Math.Min(length, content.Count - at));
                    break;
                case 3:
                    content.InsertRange(at, Enumerable.Repeat((byte)"0<([%/\xFF\0"[random.Next(8)], length));
                    break;
                case 4:
                    content.InsertRange(at, other[..Math.Min(other.Length, random.Next(1, 200))]);
                    break;
                default:
                    content.InsertRange(at, content.Skip(random.Next(content.Count + 1)).Take(length).ToList());
                    break;
            }
        }

        return [.. content];
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "SingleWindowBridge.sln")))
            folder = folder.Parent!;
        return folder.FullName;
    }
}
