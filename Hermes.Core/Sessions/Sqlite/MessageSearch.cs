using System.Diagnostics;
using Hermes.Core.Sessions.Search;

namespace Hermes.Core.Sessions.Sqlite;

/// <summary>One search, newest first.</summary>
/// <remarks>
/// <para>Two sources propose messages by descending ids: an index of the file, and a scan for what the index cannot see, see <see cref="SearchIndexes.FindGaps"/>;
/// where no index can answer, a scan of all messages. Each candidate is then looked at itself, so a file of any age finds the same.</para>
/// <para>When half of the time is over the scan stops, and what the index has is followed further down alone: the cursor says where each of them stopped.</para>
/// </remarks>
/// <param name="query">What to search for.</param>
/// <param name="expression">Its text, understood.</param>
/// <param name="before">Where to begin.</param>
/// <param name="scans">What others have read already.</param>
/// <param name="version">The file's version token, read before this.</param>
/// <param name="usesIndexes">Whether to ask the file's indexes.</param>
/// <param name="timeUsed">Which part of its time the search has used; from 1 on it ends.</param>
internal sealed class MessageSearch(
    SearchQuery query, SearchExpression expression, MessageSearch.Cursor before, MessageScans scans, VersionToken? version, bool usesIndexes,
    Func<double> timeUsed)
{
    private const int MaxContext = 200;

    // How long a transaction is held.
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(20);

    private readonly List<SearchResult> _items = [];
    private readonly Dictionary<long, Conversation> _conversations = [];
    private readonly Queue<long> _indexed = new();
    private bool _isIndexAtEnd;

    // What the scan found in a block and was not looked at yet, newest first, and the block that comes after it; null at the end.
    private Queue<long> _scanned = new();
    private long? _nextBlock;
    private bool _isScanStopped;

    private FileIdentity? _file;
    private Plan? _plan;
    private Cursor _position = before;
    private long _skip = query.ClampedOffset;

    // Each search gets on by one step at least, however little time it has: by a candidate that it looked at, or a block without one that nobody has to read again.
    private bool _hasMoved;

    // Known as soon as the page is full. The search goes on to see whether anything follows.
    private Cursor? _next;
    private bool _isComplete = true;
    private bool _isOver;

    /// <summary>What was found, when it is over.</summary>
    public SearchPage Page => new(_items, _next?.ToString(), _isComplete);

    /// <summary>Goes on for a short time, on a connection within a transaction.</summary>
    /// <returns>Whether it is over.</returns>
    public bool Advance(Connection connection)
    {
        if ((_file ??= connection.File) != connection.File)
            throw SqliteFailure.Refused("state.db was replaced while it was read");

        var began = Stopwatch.GetTimestamp();
        _plan ??= CreatePlan(connection);
        while (!_isOver && (Stopwatch.GetElapsedTime(began) < Slice || !_hasMoved))
            Step(connection, _plan);

        return _isOver;
    }

    private Plan CreatePlan(Connection connection)
    {
        if (query.SessionId is { } sessionId)
        {
            if (SessionReader.FindConversation(connection, sessionId) is { } within)
            {
                using var ids = SessionReader.Use(connection, within, sql => sql.NewestFirst);
                while (ids.Step())
                    _scanned.Enqueue(ids.Int64(0));

                _scanned = new Queue<long>(_scanned.Where(id => id < _position.Scan));
            }

            _isIndexAtEnd = true;
            return new Plan(null, null, false, new MessageScans.Scan(), _ => "", _ => false);
        }

        var plan = ChooseSources(connection.Sql.Layout.SearchIndexes);
        if (plan.Match is null)
        {
            // Also where an index gave the page before.
            _position = new Cursor(Math.Max(_position.Scan, _position.Index));
            _isIndexAtEnd = true;
        }

        _nextBlock = FindBlockBefore(connection, _position.Scan);
        return plan;
    }

    private Plan ChooseSources(SearchIndexes indexes)
    {
        if (usesIndexes && expression.Alternatives.All(alternative => alternative.Required.Exists(term => !term.IsLiteral)))
        {
            if (indexes.HasTrigrams && SearchIndexes.TrigramQuery(expression) is { } trigrams)
            {
                return new Plan(
                    sql => sql.WhichTrigramsMatch, trigrams, IsTrusted: false, scans.OfGaps(SearchIndexes.Trigrams, version),
                    sql => sql.ContentsAndIndexing, row => row.Int64(3) == 0 || SearchIndexes.FindGaps(row.Utf8(1)).InTrigrams);
            }

            if (indexes.HasWords && SearchIndexes.WordQuery(expression) is { } words)
            {
                // Whatever it gives has the words, unless some are to be absent, or are no words.
                var isTrusted = expression.Alternatives.All(
                    alternative => alternative.Excluded.Count == 0 && !alternative.Required.Exists(term => term.IsLiteral));
                return new Plan(
                    sql => sql.WhichWordsMatch, words, isTrusted, scans.OfGaps(SearchIndexes.Words, version),
                    sql => sql.ContentsAndIndexing, row => row.Int64(2) == 0 || SearchIndexes.FindGaps(row.Utf8(1)).InWords);
            }
        }

        return new Plan(null, null, false, scans.OfQuery(query.Text, version), _ => SessionSql.Contents, row => IsAnswer(row.Utf8(1)));
    }

    /// <summary>Looks at the next candidate, or reads a block to find one.</summary>
    private void Step(Connection connection, Plan plan)
    {
        if (_hasMoved && timeUsed() >= 1)
        {
            _isComplete &= _next is not null;
            Finish(_next ?? _position);
            return;
        }

        var indexed = PeekIndex(connection, plan);
        if (_scanned.Count == 0 && !_isScanStopped && _nextBlock is { } block && (indexed is null || indexed <= MessageScans.Scan.Last(block)))
        {
            ReadBlock(connection, plan, block);
            return;
        }

        var scanned = _scanned.TryPeek(out var id) && !_isScanStopped ? id : (long?)null;
        if (indexed is null && scanned is null)
        {
            Finish(_isScanStopped ? _next ?? _position : null);
            return;
        }

        _hasMoved = true;
        var candidate = Math.Max(indexed ?? long.MinValue, scanned ?? long.MinValue);
        var isFound = IsFound(connection, plan, candidate, isIndexed: indexed == candidate);
        if (indexed == candidate)
        {
            _indexed.Dequeue();
            _position = _position with { Index = candidate };
        }

        if (scanned == candidate)
        {
            _scanned.Dequeue();
            _position = _position with { Scan = candidate };
        }

        if (isFound)
            Take(connection, candidate);
    }

    private void Take(Connection connection, long id)
    {
        if (_skip > 0)
        {
            _skip--;
        }
        else if (_next is not null)
        {
            Finish(_next);
        }
        else
        {
            _items.Add(Result(connection, id));
            _next = _items.Count == query.ClampedLimit ? _position : null;
        }
    }

    private void Finish(Cursor? next)
    {
        _next = next is { } cursor && _plan!.Match is null ? new Cursor(cursor.Scan) : next;
        _isOver = true;
    }

    private long? PeekIndex(Connection connection, Plan plan)
    {
        const int Chunk = 256;
        if (_indexed.Count == 0 && !_isIndexAtEnd)
        {
            using var rows = connection.Use(plan.IndexSql!(connection.Sql));
            rows.Bind(1, plan.Match).Bind(2, _position.Index).Bind(3, (long)Chunk);
            while (rows.Step())
                _indexed.Enqueue(rows.Int64(0));

            _isIndexAtEnd = _indexed.Count < Chunk;
        }

        return _indexed.TryPeek(out var id) ? id : null;
    }

    /// <summary>Takes the candidates of a block, from what was read before or from the file.</summary>
    private void ReadBlock(Connection connection, Plan plan, long block)
    {
        if (plan.Scan.Find(block) is not { } ids)
        {
            // The rest of the time is the index's.
            if (_hasMoved && plan.Match is not null && timeUsed() >= 0.5)
            {
                _isScanStopped = true;
                _isComplete &= _next is not null;
                return;
            }

            ids = ReadIds(connection, plan, block);
            if (FindBlockBefore(connection, long.MaxValue) > block)
            {
                // Nothing is added to it any more.
                plan.Scan.Add(block, ids);
                _hasMoved |= ids.Length == 0;
            }
        }

        var first = MessageScans.Scan.First(block);
        _scanned = new Queue<long>(ids.Where(id => id < _position.Scan));
        _nextBlock = plan.Scan.Find(block - 1) is not null ? block - 1 : FindBlockBefore(connection, first);
        if (_scanned.Count == 0)
            _position = _position with { Scan = Math.Min(_position.Scan, first) };
    }

    private static long[] ReadIds(Connection connection, Plan plan, long block)
    {
        var ids = new List<long>();
        using var rows = connection.Use(plan.ScanSql(connection.Sql));
        rows.Bind(1, MessageScans.Scan.First(block)).Bind(2, MessageScans.Scan.Last(block));
        while (rows.Step())
        {
            if (plan.IsCandidate(rows))
                ids.Add(rows.Int64(0));
        }

        return [.. ids];
    }

    private static long? FindBlockBefore(Connection connection, long id)
    {
        using var newest = connection.Use(SessionSql.NewestMessageBefore);
        return newest.Bind(1, id).Step() && !newest.IsNull(0) ? MessageScans.Scan.BlockOf(newest.Int64(0)) : null;
    }

    private bool IsFound(Connection connection, Plan plan, long id, bool isIndexed)
    {
        // The index went ahead on an earlier page, and gave this one if it has it.
        if (!isIndexed && plan.Match is not null && id >= _position.Index && IsInIndex(connection, plan, id))
            return false;

        using var candidate = connection.Use(connection.Sql.ContentOfCandidate);
        candidate.Bind(1, id).Bind(2, query.Source).Bind(3, query.Role);
        if (query.Since is { } since)
            candidate.Bind(4, UnixTime.ToSeconds(since));

        if (query.Until is { } until)
            candidate.Bind(5, UnixTime.ToSeconds(until));

        if (!candidate.Step())
            return false;

        // The index has the JSON of a structured content, with the names of its fields.
        var content = candidate.Utf8(0);
        return ((isIndexed && plan.IsTrusted && !StoredContent.IsStructured(content)) || IsAnswer(content)) && IsShownInConversation(connection, id, candidate);
    }

    private bool IsAnswer(ReadOnlySpan<byte> content) => expression.Matches(FoldedText.Fold(StoredContent.ReadText(content)).Text);

    private static bool IsInIndex(Connection connection, Plan plan, long id)
    {
        using var newest = connection.Use(plan.IndexSql!(connection.Sql));
        return newest.Bind(1, plan.Match).Bind(2, id + 1).Bind(3, 1L).Step() && newest.Int64(0) == id;
    }

    /// <summary>Whether the conversation of a candidate is listed, and has the message in no earlier session.</summary>
    private bool IsShownInConversation(Connection connection, long id, Statement candidate)
    {
        if (candidate.Int64(3) == 0)
            return true;

        var conversation = ConversationOf(connection, new SessionKey(candidate.Int64(1), candidate.Utf8(2).ToArray(), MayBePart: true));
        if (!conversation.IsContinued)
            return true;

        using var copy = connection.Use(connection.Sql.ContinuedMessages.IsCopy);
        return IsVisible(connection, conversation.First) && IsVisible(connection, conversation.Last) && !copy.Bind(1, conversation.Rows).Bind(2, id).Step();
    }

    private static bool IsVisible(Connection connection, SessionKey session)
    {
        using var visible = connection.Use(connection.Sql.IsVisible);
        return visible.Bind(1, session.Row).Step();
    }

    private Conversation ConversationOf(Connection connection, SessionKey session)
    {
        if (!_conversations.TryGetValue(session.Row, out var conversation))
        {
            conversation = Conversation.Of(connection, session);
            foreach (var part in conversation.Sessions)
                _conversations[part.Row] = conversation;
        }

        return conversation;
    }

    private SearchResult Result(Connection connection, long id)
    {
        using var row = connection.Use(connection.Sql.FoundMessage);
        row.Bind(1, id).Step();
        var sessionId = row.Utf8(0).ToArray();
        var conversation = ConversationOf(connection, new SessionKey(row.Int64(9), sessionId, row.Int64(10) != 0));

        // What the index of words has found may stand in the name or the arguments of a tool.
        var content = StoredContent.ReadText(row.Utf8(2));
        var texts = new[] { content, row.Text(4).AsText(), row.Text(5).AsText() };
        return new SearchResult
        {
            MessageId = id,
            SessionId = FieldValue.Text(sessionId).AsText()!,
            Role = FieldValue.Text(row.Utf8(1)).AsText()!,
            Snippet = SearchSnippet.Create(texts.FirstOrDefault(text => text is not null && SearchSnippet.HasHit(text, expression)) ?? content, expression),
            Timestamp = UnixTime.FromSeconds(row.IsNumber(3) ? row.Double(3) : 0),
            ToolName = row.Text(4).AsText(),
            Source = FieldValue.Text(row.Utf8(6)).AsText()!,
            Model = row.Text(7).AsText(),
            Title = SessionReader.ReadText(connection, connection.Sql.Title, conversation.Last.Row),
            SessionStarted = UnixTime.FromSeconds(row.IsNumber(8) ? row.Double(8) : 0),
            Context =
            [
                .. Neighbour(connection, conversation, sql => sql.Before, id),
                .. Neighbour(connection, conversation, sql => sql.After, id),
            ],
        };
    }

    private static SearchContext[] Neighbour(Connection connection, Conversation conversation, Func<MessageSql, string> question, long id)
    {
        using var row = SessionReader.Use(connection, conversation, question);
        return row.Bind(2, id).Step()
            ? [new SearchContext(FieldValue.Text(row.Utf8(0)).AsText()!, SearchSnippet.Beginning(StoredContent.ReadText(row.Utf8(1)), MaxContext))]
            : [];
    }

    /// <summary>Where a search goes on: below the one id in the scan, below the other in the index.</summary>
    /// <remarks>As text the two numbers with <c>_</c> between, or one where they are the same.</remarks>
    internal readonly record struct Cursor(long Scan, long Index)
    {
        public Cursor(long id)
            : this(id, id)
        {
        }

        /// <exception cref="SessionValidationException">No search gave this text.</exception>
        public static Cursor Parse(string? text)
        {
            if (text is null)
                return new Cursor(long.MaxValue);

            var ids = text.Split('_');
            return ids.Length <= 2 && TryParse(ids[0], out var scan) && TryParse(ids[^1], out var index)
                ? new Cursor(scan, index)
                : throw new SessionValidationException("Invalid before: it is not the \"next\" of a search");

            static bool TryParse(string id, out long number) => long.TryParse(id, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);
        }

        public override string ToString() =>
            Scan == Index ? Scan.ToString(CultureInfo.InvariantCulture) : string.Create(CultureInfo.InvariantCulture, $"{Scan}_{Index}");
    }

    /// <summary>Where candidates come from.</summary>
    /// <param name="IndexSql">The newest ?3 messages before ?2 that an index has for ?1; null where none is asked.</param>
    /// <param name="Match">What the index is asked for, likewise.</param>
    /// <param name="IsTrusted">Whether what it gives answers for sure.</param>
    /// <param name="Scan">What was scanned so far.</param>
    /// <param name="ScanSql">The messages from ?1 to ?2, newest first.</param>
    /// <param name="IsCandidate">Whether the scan proposes one.</param>
    private sealed record Plan(
        Func<SessionSql, string>? IndexSql, string? Match, bool IsTrusted, MessageScans.Scan Scan, Func<SessionSql, string> ScanSql,
        Func<Statement, bool> IsCandidate);
}
