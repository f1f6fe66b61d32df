namespace SingleWindowBridge.Interop.Xml;

/// <summary>
/// Counts what goes by on its way to the XML reader, and stops at the first limit that is passed, before the XML reader sees it. It
/// knows just enough of XML to count: whether the document is well-formed is for the XML reader to say.
/// </summary>
internal sealed class CountingReader(TextReader source, MessageLimits limits, int textLimit) : TextReader
{
    private enum State
    {
        Text,
        Open,
        Tag,
        Quoted,
        EndTag,
        Instruction,
        Bang,
        Comment,
        CData,
    }

    private State _state;
    private char _quote;
    private char _last;
    private char _beforeLast;
    private int _depth;
    private int _elements;
    private int _attributes;
    private int _run;
    private int _line = 1;

    /// <inheritdoc/>
    public override int Peek() => source.Peek();

    /// <inheritdoc/>
    public override int Read()
    {
        var read = source.Read();
        if (read >= 0) Count((char)read);
        return read;
    }

    /// <inheritdoc/>
    public override int Read(char[] buffer, int index, int count) => Read(buffer.AsSpan(index, count));

    /// <inheritdoc/>
    public override int Read(Span<char> buffer)
    {
        var read = source.Read(buffer);
        Count(buffer[..read]);
        return read;
    }

    private void Count(ReadOnlySpan<char> characters)
    {
        for (var at = 0; at < characters.Length; at++)
        {
            // Most of a message is text: it is passed over at once.
            if (_state == State.Text)
            {
                var text = characters[at..];
                var end = text.IndexOf('<');
                if (end < 0) end = text.Length;
                if (end > 0)
                {
                    AddToRun(end, textLimit, "A text");
                    _line += text[..end].Count('\n');
                    at += end;
                    if (at == characters.Length) return;
                }
            }

            Count(characters[at]);
        }
    }

    private void Count(char character)
    {
        if (character == '\n') _line++;
        switch (_state)
        {
            case State.Text:
                if (character == '<') Enter(State.Open);
                else AddToRun(1, textLimit, "A text");
                return;
            case State.Open:
                Open(character);
                return;
            case State.Tag:
                InTag(character);
                break;
            case State.Quoted:
                if (character == _quote) Enter(State.Tag);
                else AddToRun(1, limits.Name, "The value of an attribute");
                return;
            case State.EndTag:
                if (character == '>') Enter(State.Text);
                else AddToRun(1, limits.Name, "A name");
                return;
            case State.Instruction:
                if (character == '>' && _last == '?') Enter(State.Text);
                else AddToRun(1, limits.Comment, "A processing instruction");
                break;
            case State.Bang:
                Bang(character);
                break;
            case State.Comment:
                if (character == '>' && _last == '-' && _beforeLast == '-') Enter(State.Text);
                else AddToRun(1, limits.Comment, "A comment");
                break;
            default:
                if (character == '>' && _last == ']' && _beforeLast == ']') Enter(State.Text);
                else AddToRun(1, textLimit, "A text");
                break;
        }

        _beforeLast = _last;
        _last = character;
    }

    private void Open(char character)
    {
        switch (character)
        {
            case '/':
                _depth--;
                Enter(State.EndTag);
                return;
            case '?':
                Enter(State.Instruction);
                return;
            case '!':
                Enter(State.Bang);
                return;
            default:
                if (++_elements > limits.Elements) throw Passed($"There are more than {limits.Elements} elements");
                if (++_depth > limits.Depth) throw Passed($"Elements stand more than {limits.Depth} deep");
                _attributes = 0;
                Enter(State.Tag);
                _last = character;
                _run = 1;
                return;
        }
    }

    private void InTag(char character)
    {
        switch (character)
        {
            case '>':
                if (_last == '/') _depth--;
                Enter(State.Text);
                break;
            case '"' or '\'':
                _quote = character;
                Enter(State.Quoted);
                break;
            case '=':
                if (++_attributes > limits.Attributes) throw Passed($"An element has more than {limits.Attributes} attributes");
                _run = 0;
                break;
            case ' ' or '\t' or '\r' or '\n':
                _run = 0;
                break;
            default:
                AddToRun(1, limits.Name, "A name");
                break;
        }
    }

    // After "<!": a comment, a CDATA section, or a document type, which is refused here already.
    private void Bang(char character)
    {
        _run++;
        if (_run == 2 && character == '-' && _last == '-') Enter(State.Comment);
        else if (_run == 1 && character == '[') Enter(State.CData);
        else if (_run > 1 || character != '-')
            throw new MessageFormatException(MessageFault.DocumentType, "The message holds a document type, which is not read", _line, 1);
    }

    private void Enter(State state)
    {
        _state = state;
        _run = 0;
        if (state is State.Comment or State.CData or State.Instruction) _last = _beforeLast = '\0';
    }

    private void AddToRun(int characters, int limit, string what)
    {
        _run += characters;
        if (_run > limit) throw Passed($"{what} has more than {limit} characters");
    }

    private MessageFormatException Passed(string what) => new(MessageFault.Limit, what, _line, 1);
}
