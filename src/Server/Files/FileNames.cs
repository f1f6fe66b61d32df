namespace SingleWindowBridge.Server.Files;

/// <summary>
/// What a file may be called. The name is data: nothing is ever stored or sent under it. It is shown to people and may become a file of
/// that name on their machines, so it must say one thing.
/// </summary>
public static class FileNames
{
    /// <summary>The most characters of a name.</summary>
    public const int MostCharacters = 255;

    // Extensions that some system runs, opens with a program of its own, or serves as a page. ".com" is left out: names of web sites.
    private static readonly HashSet<string> Telling = new(
        """
        exe scr pif cpl msi msp dll bat cmd ps1 psm1 vb vbs vbe js jse mjs wsf wsh wsc hta lnk url reg inf chm jar jnlp class
        sh bash zsh csh ksh run bin elf so dylib app dmg pkg deb rpm apk ipa appimage desktop command
        php php3 php4 php5 php7 php8 phps pht phtml phar asp aspx ascx ashx asmx cer asa cshtml jsp jspx jsw cfm cgi pl pm py pyc rb lua
        htm html xhtml shtml shtm stm mht mhtml svg svgz xml xsl xslt swf
        doc docx docm dot dotx dotm xls xlsx xlsm xlsb xlt xltm ppt pptx pptm ppsm rtf odt ods odp ofd wps eml msg
        zip rar 7z tar gz tgz bz2 xz zst cab arj lzh iso img vhd vhdx
        jpg jpeg gif png pdf bmp tif tiff webp heic ico
        """.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries),
        StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a name holds no path, no line end, and nothing that has it shown in another order than it is written in.</summary>
    public static bool IsPlain(string name) => !name.AsSpan().ContainsAny(Misleading);

    /// <summary>The extension before the last that says another type than the last; null where there is none.</summary>
    /// <param name="name">Such as "form.php.jpg".</param>
    public static string? OtherExtension(string name)
    {
        var last = Path.GetExtension(name);
        var stem = name[..^last.Length];
        for (var dot = stem.LastIndexOf('.'); dot >= 0; dot = stem.LastIndexOf('.'))
        {
            // Windows drops blanks and dots at an end, so ".exe .pdf" reads as two as well.
            var inner = stem[(dot + 1)..].Trim();
            if (Telling.Contains(inner) && !FileRules.IsSameType($".{inner}", last))
                return $".{inner}";
            stem = stem[..dot];
        }

        return null;
    }

    // Path separators, NUL and line ends; the marks that turn the direction of writing (U+202A to U+202E, U+2066 to U+2069).
    private static readonly System.Buffers.SearchValues<char> Misleading = System.Buffers.SearchValues.Create(
        "/\\\0\r\n\u202A\u202B\u202C\u202D\u202E\u2066\u2067\u2068\u2069");
}
