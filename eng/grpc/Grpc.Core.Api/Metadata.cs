using System.Collections;
using System.Text;

namespace Grpc.Core;

/// <summary>Headers or trailers of a call: an ordered list of entries, in which a key may stand more than once.</summary>
public sealed class Metadata : IList<Metadata.Entry>
{
    /// <summary>The suffix that marks a key whose value is binary.</summary>
    public const string BinaryHeaderSuffix = "-bin";

    /// <summary>Metadata without entries that cannot be changed.</summary>
    public static readonly Metadata Empty = new() { IsReadOnly = true };

    private readonly List<Entry> _entries = [];

    /// <inheritdoc/>
    public bool IsReadOnly { get; private set; }

    /// <inheritdoc/>
    public int Count => _entries.Count;

    /// <inheritdoc/>
    public Entry this[int index]
    {
        get => _entries[index];
        set
        {
            CheckWritable();
            _entries[index] = Require.NotNull(value, nameof(value));
        }
    }

    /// <summary>The last entry with the key, or null.</summary>
    public Entry? Get(string key)
    {
        for (var i = _entries.Count - 1; i >= 0; i--)
        {
            if (_entries[i].Key == key)
            {
                return _entries[i];
            }
        }

        return null;
    }

    /// <summary>The text of the last entry with the key, or null; an error where that entry is binary.</summary>
    public string? GetValue(string key) => Get(key)?.Value;

    /// <summary>The bytes of the last entry with the key, or null.</summary>
    public byte[]? GetValueBytes(string key) => Get(key)?.ValueBytes;

    /// <summary>All entries with the key, in their order.</summary>
    public IEnumerable<Entry> GetAll(string key) => _entries.Where(entry => entry.Key == key);

    /// <summary>Adds a text entry.</summary>
    public void Add(string key, string value) => Add(new Entry(key, value));

    /// <summary>Adds a binary entry; the key must end with <see cref="BinaryHeaderSuffix"/>.</summary>
    public void Add(string key, byte[] valueBytes) => Add(new Entry(key, valueBytes));

    /// <inheritdoc/>
    public void Add(Entry item)
    {
        CheckWritable();
        _entries.Add(Require.NotNull(item, nameof(item)));
    }

    /// <inheritdoc/>
    public void Insert(int index, Entry item)
    {
        CheckWritable();
        _entries.Insert(index, Require.NotNull(item, nameof(item)));
    }

    /// <inheritdoc/>
    public bool Remove(Entry item)
    {
        CheckWritable();
        return _entries.Remove(item);
    }

    /// <inheritdoc/>
    public void RemoveAt(int index)
    {
        CheckWritable();
        _entries.RemoveAt(index);
    }

    /// <inheritdoc/>
    public void Clear()
    {
        CheckWritable();
        _entries.Clear();
    }

    /// <inheritdoc/>
    public int IndexOf(Entry item) => _entries.IndexOf(item);

    /// <inheritdoc/>
    public bool Contains(Entry item) => _entries.Contains(item);

    /// <inheritdoc/>
    public void CopyTo(Entry[] array, int arrayIndex) => _entries.CopyTo(array, arrayIndex);

    /// <inheritdoc/>
    public IEnumerator<Entry> GetEnumerator() => _entries.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private void CheckWritable()
    {
        if (IsReadOnly)
        {
            throw new InvalidOperationException("The metadata is read only.");
        }
    }

    /// <summary>One key with its value, text or binary.</summary>
    public class Entry
    {
        private readonly string? _value;
        private readonly byte[]? _valueBytes;

        /// <summary>Makes a text entry.</summary>
        public Entry(string key, string value)
        {
            Key = Normalize(key);
            if (IsBinary)
            {
                throw new ArgumentException($"The key of a text entry must not end with '{BinaryHeaderSuffix}': '{key}'.", nameof(key));
            }

            _value = Require.NotNull(value, nameof(value));
        }

        /// <summary>Makes a binary entry; the key must end with <see cref="BinaryHeaderSuffix"/>.</summary>
        public Entry(string key, byte[] valueBytes)
        {
            Key = Normalize(key);
            if (!IsBinary)
            {
                throw new ArgumentException($"The key of a binary entry must end with '{BinaryHeaderSuffix}': '{key}'.", nameof(key));
            }

            _valueBytes = (byte[])Require.NotNull(valueBytes, nameof(valueBytes)).Clone();
        }

        /// <summary>The key, in lower case.</summary>
        public string Key { get; }

        /// <summary>Whether the value is binary, as the key says.</summary>
        public bool IsBinary => Key.EndsWith(BinaryHeaderSuffix, StringComparison.Ordinal);

        /// <summary>The text; an error where the value is binary.</summary>
        public string Value => _value ?? throw new InvalidOperationException($"The value of '{Key}' is binary, it has no text.");

        /// <summary>A copy of the bytes; those of a text as ASCII.</summary>
        public byte[] ValueBytes => _value is null ? (byte[])_valueBytes!.Clone() : Encoding.ASCII.GetBytes(_value);

        /// <inheritdoc/>
        public override string ToString()
            => _value is null
                ? $"[Entry: key={Key}, valueBytes={BitConverter.ToString(_valueBytes!)}]"
                : $"[Entry: key={Key}, value={_value}]";

        private static string Normalize(string key)
        {
            var lower = Require.NotNull(key, nameof(key)).ToLowerInvariant();
            if (lower.Length == 0 || !lower.All(IsKeyCharacter))
            {
                throw new ArgumentException($"A metadata key has only letters, digits, '_', '-' and '.': '{key}'.", nameof(key));
            }

            return lower;
        }

        private static bool IsKeyCharacter(char c) => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '_' or '-' or '.';
    }
}
