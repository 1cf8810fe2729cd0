using System.Buffers.Binary;
using System.Buffers.Text;

namespace Hermes.Core.Sessions.Sqlite;

internal static partial class SessionReader
{
    /// <exception cref="SessionValidationException">The cursor of a query is none of a page of its order.</exception>
    public static void CheckCursor(SessionQuery query)
    {
        if (query.Before is not null)
            PageCursor.Parse(query);
    }

    /// <summary>Where a page ended: the row, and the time that the list is sorted by.</summary>
    /// <remarks>
    /// As text: base64url of the row's number in 8 bytes and the time's bits in 8 bytes; where the time's column holds text, which SQLite
    /// sorts before all numbers, the text's bytes after a further byte. That byte is 0 in the usual order; in others it says which one it is, and whether
    /// the row is pinned, and is there in any case.
    /// </remarks>
    private readonly ref struct PageCursor
    {
        private const int Numbers = 16;
        private const byte IsSorted = 1;
        private const byte IsRecent = 2;
        private const byte IsPinnedFirst = 4;
        private const byte IsPinned = 8;
        private const byte IsTextual = 16;

        private readonly long _row;
        private readonly double _startedAt;
        private readonly ReadOnlySpan<byte> _startedAtText;
        private readonly bool _isText;
        private readonly bool _isPinned;

        private PageCursor(long row, double startedAt, ReadOnlySpan<byte> startedAtText, bool isText, bool isPinned)
        {
            (_row, _startedAt, _isText, _isPinned) = (row, startedAt, isText, isPinned);
            _startedAtText = startedAtText;
        }

        /// <summary>The text of the cursor that continues after a row.</summary>
        public static string Format(Statement row, SessionQuery query)
        {
            var order = OrderOf(query);
            var text = row.IsNumber(Rows.SortTime) ? [] : row.Utf8(Rows.SortTime);
            Span<byte> bytes = row.IsNumber(Rows.SortTime) && order == 0 ? stackalloc byte[Numbers] : new byte[Numbers + 1 + text.Length];
            if (order != 0)
                bytes[Numbers] = (byte)(order | (row.Int64(Rows.IsPinned) != 0 ? IsPinned : 0) | (row.IsNumber(Rows.SortTime) ? 0 : IsTextual));

            BinaryPrimitives.WriteInt64BigEndian(bytes, row.Int64(Rows.Row));
            if (row.IsNumber(Rows.SortTime))
                BinaryPrimitives.WriteDoubleBigEndian(bytes[8..], row.Double(Rows.SortTime));
            else
                text.CopyTo(bytes[(Numbers + 1)..]);

            return Base64Url.EncodeToString(bytes);
        }

        /// <exception cref="SessionValidationException">No page of the query's order gave this text.</exception>
        public static PageCursor Parse(SessionQuery query)
        {
            var utf8 = Encoding.UTF8.GetBytes(query.Before!);
            if (!Base64Url.IsValid(utf8, out var length) || length < Numbers) throw Invalid();

            var bytes = new byte[length];
            Base64Url.DecodeFromUtf8(utf8, bytes);
            var row = BinaryPrimitives.ReadInt64BigEndian(bytes);
            var startedAt = BinaryPrimitives.ReadDoubleBigEndian(bytes.AsSpan(8));
            var kind = length > Numbers ? bytes[Numbers] : 0;
            var isText = kind == 0 ? length > Numbers : (kind & IsTextual) != 0;
            var isOurs = row != 0 && (kind & ~(IsPinned | IsTextual)) == OrderOf(query)
                && (isText ? bytes.AsSpan(8, 8).IndexOfAnyExcept((byte)0) < 0 : length <= Numbers + 1 && !double.IsNaN(startedAt));
            return !isOurs
                ? throw Invalid()
                : new PageCursor(row, startedAt, bytes.AsSpan(Math.Min(length, Numbers + 1)), isText, (kind & IsPinned) != 0);
        }

        public void Bind(Statement statement, int timeParameter, int rowParameter, int? pinnedParameter)
        {
            statement.Bind(rowParameter, _row);
            if (pinnedParameter is { } pinned)
                statement.Bind(pinned, _isPinned ? 1L : 0L);

            if (_isText)
                statement.Bind(timeParameter, _startedAtText);
            else
                statement.Bind(timeParameter, _startedAt);
        }

        private static int OrderOf(SessionQuery query) => query.Order == SessionOrder.Created && !query.PinnedFirst ? 0
            : IsSorted | (query.Order == SessionOrder.Recent ? IsRecent : 0) | (query.PinnedFirst ? IsPinnedFirst : 0);

        private static SessionValidationException Invalid() => new("Invalid before: it is not the \"next\" of a page in this order");
    }
}
