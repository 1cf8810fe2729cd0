namespace Hermes.Core.Sessions.Sqlite;

/// <summary>Finds ids by the text that they start with, ASCII letters in either case, through the index for exact ids.</summary>
/// <remarks>
/// The index sorts by bytes, upper case before lower case. So the spellings of a prefix are visited in that order, each look-up
/// leaping over all ids that none of them can start: about one look-up for each letter, however many sessions there are.
/// <c>LIKE</c> would read every id.
/// </remarks>
internal static class IdPrefix
{
    /// <summary>The only conversation that has sessions whose ids start with the prefix; null where there is none, or several.</summary>
    public static Conversation? FindOnly(Connection connection, ReadOnlySpan<byte> prefix)
    {
        Conversation? found = null;
        HashSet<long>? rows = null;
        var key = new byte[prefix.Length];
        Upper(prefix, key);
        while (true)
        {
            using var statement = connection.Use(connection.Sql.WhichIdComesNext);
            if (!statement.Bind(1, key).Step() || !statement.IsText(0))
            {
                return found;
            }

            var id = statement.Utf8(0);
            if (MatchingLength(id, prefix) == prefix.Length)
            {
                var session = new SessionKey(statement.Int64(1), id.ToArray(), statement.Int64(2) != 0);
                key = [.. id, 0];
                if (found is null)
                {
                    found = Conversation.Of(connection, session);
                }
                else if (!found.IsContinued || !(rows ??= [.. found.Sessions.Select(part => part.Row)]).Contains(session.Row))
                {
                    return null;
                }
            }
            else if (NextSpelling(id, prefix) is { } next)
            {
                key = next;
            }
            else
            {
                return found;
            }
        }
    }

    /// <summary>The first spelling of the prefix that sorts after an id which starts with none; null where there is no such.</summary>
    private static byte[]? NextSpelling(ReadOnlySpan<byte> id, ReadOnlySpan<byte> prefix)
    {
        var matching = MatchingLength(id, prefix);
        for (var i = matching; i >= 0; i--)
        {
            var upper = ToUpper(prefix[i]);
            var lower = ToLower(prefix[i]);

            // An id that ends here sorts before all that goes on.
            var atLeast = i < id.Length ? id[i] + 1 : 0;
            if (lower >= atLeast)
            {
                var next = new byte[prefix.Length];
                id[..i].CopyTo(next);
                next[i] = upper >= atLeast ? upper : lower;
                Upper(prefix[(i + 1)..], next.AsSpan(i + 1));
                return next;
            }
        }

        return null;
    }

    private static int MatchingLength(ReadOnlySpan<byte> id, ReadOnlySpan<byte> prefix)
    {
        var i = 0;
        while (i < prefix.Length && i < id.Length && ToUpper(id[i]) == ToUpper(prefix[i]))
        {
            i++;
        }

        return i;
    }

    private static void Upper(ReadOnlySpan<byte> text, Span<byte> upper)
    {
        for (var i = 0; i < text.Length; i++)
        {
            upper[i] = ToUpper(text[i]);
        }
    }

    private static byte ToUpper(byte c) => c is >= (byte)'a' and <= (byte)'z' ? (byte)(c - 32) : c;

    private static byte ToLower(byte c) => c is >= (byte)'A' and <= (byte)'Z' ? (byte)(c + 32) : c;
}
