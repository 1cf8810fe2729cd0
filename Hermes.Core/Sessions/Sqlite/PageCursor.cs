using System.Buffers.Binary;
using System.Buffers.Text;
using System.Text;

namespace Hermes.Core.Sessions.Sqlite;

/// <summary>Where a page ended: the row, and the time that the list is sorted by.</summary>
/// <remarks>
/// As text: base64url of the row's number in 8 bytes and the time's bits in 8 bytes; where the time's column holds text, which SQLite
/// sorts before all numbers, the text's bytes after a further byte.
/// </remarks>
internal readonly ref struct PageCursor
{
    private const int Numbers = 16;

    private readonly double _startedAt;
    private readonly ReadOnlySpan<byte> _startedAtText;
    private readonly bool _isText;

    private PageCursor(long row, double startedAt, ReadOnlySpan<byte> startedAtText, bool isText)
    {
        Row = row;
        _startedAt = startedAt;
        _startedAtText = startedAtText;
        _isText = isText;
    }

    public long Row { get; }

    /// <summary>The text of the cursor that continues after a row.</summary>
    public static string Format(Statement row)
    {
        var text = row.IsNumber(1) ? [] : row.Utf8(1);
        Span<byte> bytes = row.IsNumber(1) ? stackalloc byte[Numbers] : new byte[Numbers + 1 + text.Length];
        BinaryPrimitives.WriteInt64BigEndian(bytes, row.Int64(0));
        if (row.IsNumber(1))
        {
            BinaryPrimitives.WriteDoubleBigEndian(bytes[8..], row.Double(1));
        }
        else
        {
            text.CopyTo(bytes[(Numbers + 1)..]);
        }

        return Base64Url.EncodeToString(bytes);
    }

    /// <exception cref="SessionValidationException">No page gave this text.</exception>
    public static PageCursor Parse(string text)
    {
        var utf8 = Encoding.UTF8.GetBytes(text);
        if (!Base64Url.IsValid(utf8, out var length) || length < Numbers)
        {
            throw Invalid();
        }

        var bytes = new byte[length];
        Base64Url.DecodeFromUtf8(utf8, bytes);
        var row = BinaryPrimitives.ReadInt64BigEndian(bytes);
        var startedAt = BinaryPrimitives.ReadDoubleBigEndian(bytes.AsSpan(8));
        var isOurs = row != 0 && (length == Numbers ? !double.IsNaN(startedAt) : bytes.AsSpan(8, 9).IndexOfAnyExcept((byte)0) < 0);
        return !isOurs
            ? throw Invalid()
            : new PageCursor(row, startedAt, bytes.AsSpan(Math.Min(length, Numbers + 1)), isText: length > Numbers);
    }

    public void Bind(Statement statement, int timeParameter, int rowParameter)
    {
        statement.Bind(rowParameter, Row);
        if (_isText)
        {
            statement.Bind(timeParameter, _startedAtText);
        }
        else
        {
            statement.Bind(timeParameter, _startedAt);
        }
    }

    private static SessionValidationException Invalid() =>
        new("Invalid before: it is not the \"next\" of a page");
}
