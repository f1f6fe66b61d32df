using System.Text;

namespace SingleWindowBridge;

/// <summary>One record of a CSV file.</summary>
/// <param name="Number">The line of the file at which it begins, from 1.</param>
/// <param name="Fields">Its fields.</param>
internal sealed record CsvLine(int Number, IReadOnlyList<string> Fields);

/// <summary>Reads CSV by RFC 4180, with the separator that its first line has: a comma, a semicolon or a tab.</summary>
internal sealed class CsvReader
{
    private readonly string _text;
    private readonly char _separator;
    private readonly SheetProblems _problems;
    private int _at;
    private int _line = 1;

    private CsvReader(string text, SheetProblems problems)
    {
        (_text, _problems) = (text, problems);
        var end = text.AsSpan().IndexOfAny('\r', '\n');
        var first = end < 0 ? text.AsSpan() : text.AsSpan(0, end);
        var at = first.IndexOfAny(',', ';', '\t');
        _separator = at < 0 ? ',' : first[at];
    }

    /// <summary>Reads all records; empty lines are passed over.</summary>
    public static IReadOnlyList<CsvLine> Read(Stream stream, SheetProblems problems)
    {
        string text;
        try
        {
            using var reader = new StreamReader(stream, new UTF8Encoding(false, throwOnInvalidBytes: true), leaveOpen: true);
            text = reader.ReadToEnd();
        }
        catch (DecoderFallbackException)
        {
            problems.Add(null, new("文件不是UTF-8编码，请另存为“CSV UTF-8”", "the file is not in UTF-8; save it as \"CSV UTF-8\""));
            return [];
        }

        return new CsvReader(text, problems).Read();
    }

    private List<CsvLine> Read()
    {
        var lines = new List<CsvLine>();
        while (_at < _text.Length)
        {
            var (number, fields) = (_line, new List<string>());
            do
                fields.Add(ReadField(fields.Count + 1));
            while (Skip(_separator));
            SkipLineEnd(fields.Count);
            if (fields.Exists(field => field.Length > 0))
                lines.Add(new CsvLine(number, fields));
        }

        return lines;
    }

    private string ReadField(int column)
    {
        if (!Skip('"'))
        {
            var begin = _at;
            while (_at < _text.Length && _text[_at] != _separator && _text[_at] is not ('\r' or '\n'))
                _at++;
            return _text[begin.._at];
        }

        var (field, line) = (new StringBuilder(), _line);
        while (_at < _text.Length)
        {
            var character = _text[_at++];
            if (character == '"' && !Skip('"'))
                return field.ToString();
            if (character == '\n' || (character == '\r' && Peek != '\n'))
                _line++;
            field.Append(character);
        }

        _problems.Add(null, new("引号没有结束", "a quotation mark is not closed"), new SheetPlace { Line = line, Column = column });
        return field.ToString();
    }

    private void SkipLineEnd(int column)
    {
        if (_at < _text.Length && Peek is not ('\r' or '\n'))
        {
            _problems.Add(null, new("引号之后应为分隔符", "a separator must follow the closing quotation mark"), new SheetPlace { Line = _line, Column = column });
            while (_at < _text.Length && Peek is not ('\r' or '\n'))
                _at++;
        }

        if (_at >= _text.Length)
            return;
        if (!Skip('\r') || Peek == '\n')
            _at++;
        _line++;
    }

    private char Peek => _at < _text.Length ? _text[_at] : '\0';

    private bool Skip(char expected)
    {
        if (_at >= _text.Length || _text[_at] != expected)
            return false;
        _at++;
        return true;
    }
}
