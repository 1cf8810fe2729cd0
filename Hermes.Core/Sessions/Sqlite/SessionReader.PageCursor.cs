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
    /// <remarks>As text: base64url of the row's number in 8 bytes and the time's bits in 8 bytes; where the time's column holds text, which
    /// SQLite sorts before all numbers, the text's bytes after a further byte. That byte is 0 in the usual order; in others it says which
    /// one it is, and whether the row is pinned, and is there in any case.</remarks>
    private readonly ref struct PageCursor
    {
        private const int Numbers = 16;
        private const byte IsSorted = 1, IsRecent = 2, IsPinnedFirst = 4, IsPinned = 8, IsTextual = 16;

        private readonly long _row;
        private readonly double _time;
        private readonly ReadOnlySpan<byte> _text;
        private readonly bool _isText;
        private readonly bool _isPinned;

        private PageCursor(SessionQuery query)
        {
            var utf8 = Encoding.UTF8.GetBytes(query.Before!);
            var bytes = Base64Url.IsValid(utf8, out var length) && length >= Numbers ? Base64Url.DecodeFromUtf8(utf8) : throw Invalid();
            var kind = length > Numbers ? bytes[Numbers] : 0;
            _row = BinaryPrimitives.ReadInt64BigEndian(bytes);
            _time = BinaryPrimitives.ReadDoubleBigEndian(bytes.AsSpan(8));
            _text = bytes.AsSpan(Math.Min(length, Numbers + 1));
            _isText = kind == 0 ? length > Numbers : (kind & IsTextual) != 0;
            _isPinned = (kind & IsPinned) != 0;
            if (_row == 0 || (kind & ~(IsPinned | IsTextual)) != OrderOf(query)) throw Invalid();
            if (_isText ? bytes.AsSpan(8, 8).ContainsAnyExcept((byte)0) : !_text.IsEmpty || double.IsNaN(_time)) throw Invalid();
        }

        /// <exception cref="SessionValidationException">No page of the query's order gave its cursor.</exception>
        public static PageCursor Parse(SessionQuery query) => new(query);

        /// <summary>The text of the cursor that continues after a row.</summary>
        public static string Format(Statement row, SessionQuery query)
        {
            var (order, isNumber) = (OrderOf(query), row.IsNumber(Rows.SortTime));
            var text = isNumber ? [] : row.Utf8(Rows.SortTime);
            var bytes = new byte[isNumber && order == 0 ? Numbers : Numbers + 1 + text.Length];
            BinaryPrimitives.WriteInt64BigEndian(bytes, row.Int64(Rows.Row));
            if (isNumber)
                BinaryPrimitives.WriteDoubleBigEndian(bytes.AsSpan(8), row.Double(Rows.SortTime));

            if (order != 0)
                bytes[Numbers] = (byte)(order | (row.Int64(Rows.IsPinned) != 0 ? IsPinned : 0) | (isNumber ? 0 : IsTextual));

            text.CopyTo(bytes.AsSpan(Math.Min(bytes.Length, Numbers + 1)));
            return Base64Url.EncodeToString(bytes);
        }

        public void Bind(Statement statement, int timeParameter, int rowParameter, int? pinnedParameter)
        {
            statement.Bind(rowParameter, _row);
            if (pinnedParameter is { } pinned)
                statement.Bind(pinned, _isPinned ? 1L : 0L);

            _ = _isText ? statement.Bind(timeParameter, _text) : statement.Bind(timeParameter, _time);
        }

        private static int OrderOf(SessionQuery query) => query.Order == SessionOrder.Created && !query.PinnedFirst ? 0
            : IsSorted | (query.Order == SessionOrder.Recent ? IsRecent : 0) | (query.PinnedFirst ? IsPinnedFirst : 0);

        private static SessionValidationException Invalid() => new("Invalid before: it is not the \"next\" of a page in this order");
    }
}
