using System.Buffers;
using System.Diagnostics;
using System.Text;

namespace Hermes.Core.Sessions.Sqlite;

/// <summary>The messages that a file's search indexes cannot be trusted with, by their ids, oldest first.</summary>
/// <remarks>
/// <para>The index of words takes a run of letters for one word, so it has none of the words of a Chinese sentence, nor the English ones
/// within; it breaks words at marks that some scripts write vowels with; and it has the text of JSON with its escapes.
/// Agents also leave messages out of an index, for a time or for good. A search looks through all of these itself.</para>
/// <para>Which they are is found by reading all messages once, and then the new ones alone. Everything is read again after two hundred
/// times as long as that took, so that a message which was changed in place is not missed for long.</para>
/// <para>Safe for use from any thread.</para>
/// </remarks>
internal sealed class BlindSpots
{
    private const int Patience = 200;

    private readonly Lock _lock = new();
    private FileIdentity? _file;
    private IdList _words = new();
    private IdList _trigrams = new();
    private long _last = long.MinValue;
    private long _began;
    private TimeSpan _cost;

    /// <summary>Brings the lists up to the connection's snapshot. A list that is given out never changes.</summary>
    /// <returns>The messages that the index of words cannot be trusted with, and those that the trigrams cannot.</returns>
    public (ReadOnlyMemory<long> Words, ReadOnlyMemory<long> Trigrams) Refresh(Connection connection, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var isWhole = connection.File is null || connection.File != _file || Stopwatch.GetElapsedTime(_began) > Patience * _cost;
            if (isWhole)
            {
                (_file, _words, _trigrams, _last, _began) = (null, new IdList(), new IdList(), long.MinValue, Stopwatch.GetTimestamp());
            }

            ReadNew(connection, cancellationToken);
            if (isWhole)
            {
                (_file, _cost) = (connection.File, Stopwatch.GetElapsedTime(_began));
            }

            return (_words.All, _trigrams.All);
        }
    }

    private void ReadNew(Connection connection, CancellationToken cancellationToken)
    {
        using var messages = connection.Use(connection.Sql.MessagesForBlindSpots);
        messages.Bind(1, _last);
        while (messages.Step())
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (words, trigrams) = Look(messages.Utf8(1));
            var id = messages.Int64(0);
            if (words || messages.Int64(2) == 0)
            {
                _words.Add(id);
            }

            if (trigrams || messages.Int64(3) == 0)
            {
                _trigrams.Add(id);
            }

            _last = id;
        }
    }

    /// <summary>Whether an index of words, and one of trigrams, has this content otherwise than a search compares it.</summary>
    private static (bool Words, bool Trigrams) Look(ReadOnlySpan<byte> content)
    {
        if (StoredContent.IsStructured(content))
        {
            return (true, true);
        }

        var words = false;
        while (content.IndexOfAnyExceptInRange((byte)0, (byte)0x7F) is >= 0 and var next)
        {
            content = content[next..];
            if (Rune.DecodeFromUtf8(content, out var rune, out var consumed) is not OperationStatus.Done || FoldedText.IsIgnored(rune))
            {
                return (true, true);
            }

            content = content[consumed..];
            words = words || IsUnlikeUnicode61(rune);
        }

        return (words, false);
    }

    // Planes above the first: many letters there are newer than the tokenizer's Unicode 6.1.
    private static bool IsUnlikeUnicode61(Rune rune) => CharacterKinds.Of(rune) switch
    {
        CharacterKind.Spaceless => true,
        CharacterKind.Word => !rune.IsBmp || CharacterKinds.IsMark(rune),
        _ => false,
    };

    /// <summary>A list that only grows, so that what was given out of it stays as it is.</summary>
    private sealed class IdList
    {
        private long[] _ids = [];
        private int _count;

        public ReadOnlyMemory<long> All => _ids.AsMemory(0, _count);

        public void Add(long id)
        {
            if (_count == _ids.Length)
            {
                Array.Resize(ref _ids, Math.Max(16, _count * 2));
            }

            _ids[_count++] = id;
        }
    }
}
