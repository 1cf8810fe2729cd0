using Microsoft.Data.Sqlite;

namespace Hermes.Core.Sessions.Sqlite;

/// <summary>One search, on a connection within a transaction.</summary>
/// <remarks>
/// <para>Whatever indexes the file has only propose messages, newest first; together with the <see cref="BlindSpots"/> they propose every one that can
/// answer. So a file of any age finds the same, and one without an index is read through.</para>
/// <para>The newest <see cref="RankedWindow"/> finds are put in the order of how well they answer, the others follow by age: to rank
/// all of them would take longer the more there are, and FTS5's own rank has to visit every message that has a word.</para>
/// </remarks>
internal sealed class MessageSearch(
    Connection connection, SearchQuery query, SearchExpression expression, BlindSpots blindSpots, CancellationToken cancellationToken)
{
    public const int RankedWindow = 500;

    private const int MaxContext = 200;

    private readonly List<(long Id, double Score)> _found = [];
    private readonly Dictionary<long, Conversation> _conversations = [];
    private readonly Conversation? _within = query.SessionId is null ? null : SessionReader.FindConversation(connection, query.SessionId);
    private readonly long _enough = Math.Max(RankedWindow, query.ClampedOffset + query.ClampedLimit + 1);

    public static SearchPage Run(
        Connection connection, (SearchQuery Query, SearchExpression Expression, BlindSpots BlindSpots, CancellationToken CancellationToken) request)
    {
        try
        {
            return new MessageSearch(connection, request.Query, request.Expression, request.BlindSpots, request.CancellationToken).Find(useIndexes: true);
        }
        catch (SqliteException e) when (!SqliteFailure.IsBusy(e))
        {
            // An index that is damaged, or cannot be loaded here, is none. Where more than the index is broken this fails too.
            return new MessageSearch(connection, request.Query, request.Expression, request.BlindSpots, request.CancellationToken).Find(useIndexes: false);
        }
    }

    private SearchPage Find(bool useIndexes)
    {
        var indexes = connection.Sql.Layout.SearchIndexes;
        var canPropose = useIndexes && query.SessionId is null
            && expression.Alternatives.All(alternative => alternative.Required.Exists(term => !term.IsLiteral));
        if (canPropose && indexes.HasTrigrams && IndexQuery.OfTrigrams(expression) is { } trigrams)
        {
            var blind = blindSpots.Refresh(connection, cancellationToken).Trigrams;
            LookAt(new IndexedIds(connection, connection.Sql.WhichTrigramsMatch, trigrams), blind, isTrusted: false);
        }
        else if (canPropose && indexes.HasWords)
        {
            var blind = blindSpots.Refresh(connection, cancellationToken).Words;
            LookAt(new IndexedIds(connection, connection.Sql.WhichWordsMatch, IndexQuery.OfWords(expression)), blind, IsAnsweredByWords());
        }
        else if (query.SessionId is null || _within is not null)
        {
            LookAtAll();
        }

        return Page();
    }

    /// <summary>Whether a message that the index of words gives is found for sure.</summary>
    private bool IsAnsweredByWords() => expression.Alternatives.All(
        alternative => alternative.Excluded.Count == 0 && !alternative.Required.Exists(term => term.IsLiteral));

    /// <summary>Looks at the messages that an index gives and at those that it cannot be trusted with, newest first.</summary>
    private void LookAt(IndexedIds indexed, ReadOnlyMemory<long> blind, bool isTrusted)
    {
        var next = blind.Length - 1;
        while (_found.Count < _enough)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var fromIndex = indexed.Peek();
            var fromBlind = next >= 0 ? blind.Span[next] : (long?)null;
            if (fromIndex is null && fromBlind is null)
            {
                return;
            }

            var isIndexed = fromBlind is null || fromIndex >= fromBlind;
            LookAtOne(isIndexed ? fromIndex!.Value : fromBlind!.Value, isIndexed && isTrusted);
            if (isIndexed)
            {
                indexed.Skip();
            }

            if (!isIndexed || fromIndex == fromBlind)
            {
                next--;
            }
        }
    }

    private void LookAtOne(long id, bool isTrusted)
    {
        using var candidate = Candidate(id);
        if (!candidate.Step())
        {
            return;
        }

        // The index has the JSON of a structured content, with the names of its fields.
        var content = candidate.Utf8(0);
        var count = _found.Count;
        Consider(id, content, isTrusted && !StoredContent.IsStructured(content));
        if (_found.Count > count && !IsShownInConversation(id, candidate))
        {
            _found.RemoveAt(count);
        }
    }

    private void LookAtAll()
    {
        using var messages = _within is null ? connection.Use(SessionSql.AllContents) : SessionReader.Use(connection, _within, sql => sql.Contents);
        while (_found.Count < _enough && messages.Step())
        {
            cancellationToken.ThrowIfCancellationRequested();
            var content = messages.Utf8(1);
            var count = _found.Count;
            Consider(messages.Int64(0), content, isAnswer: false);
            if (_found.Count > count && !IsEligible(_found[^1].Id))
            {
                _found.RemoveAt(count);
            }
        }
    }

    private void Consider(long id, ReadOnlySpan<byte> content, bool isAnswer)
    {
        var isRanked = _found.Count < RankedWindow;
        if (isAnswer && !isRanked)
        {
            _found.Add((id, 0));
            return;
        }

        var folded = FoldedText.Fold(StoredContent.ReadText(content)).Text;
        if (isAnswer || expression.Matches(folded))
        {
            _found.Add((id, isRanked ? expression.Score(folded) : 0));
        }
    }

    private bool IsEligible(long id)
    {
        using var candidate = Candidate(id);
        return candidate.Step() && IsShownInConversation(id, candidate);
    }

    /// <summary>Whether the conversation of a candidate is listed, and has the message in no earlier session.</summary>
    private bool IsShownInConversation(long id, Statement candidate)
    {
        if (candidate.Int64(3) == 0)
        {
            return true;
        }

        var conversation = ConversationOf(new SessionKey(candidate.Int64(1), candidate.Utf8(2).ToArray(), MayBePart: true));
        if (!conversation.IsContinued)
        {
            return true;
        }

        using var copy = connection.Use(connection.Sql.ContinuedMessages.IsCopy);
        return IsVisible(conversation.First) && IsVisible(conversation.Last) && !copy.Bind(1, conversation.Rows).Bind(2, id).Step();
    }

    private bool IsVisible(SessionKey session)
    {
        using var visible = connection.Use(connection.Sql.IsVisible);
        return visible.Bind(1, session.Row).Step();
    }

    private Conversation ConversationOf(SessionKey session)
    {
        if (!_conversations.TryGetValue(session.Row, out var conversation))
        {
            conversation = Conversation.Of(connection, session);
            foreach (var part in conversation.Sessions)
            {
                _conversations[part.Row] = conversation;
            }
        }

        return conversation;
    }

    /// <summary>The content of a message, if it can be seen and the filters let it through.</summary>
    private Statement Candidate(long id)
    {
        var candidate = connection.Use(connection.Sql.ContentOfCandidate);
        candidate.Bind(1, id).Bind(2, query.Source).Bind(3, query.Role);
        if (query.Since is { } since)
        {
            candidate.Bind(4, UnixTime.ToSeconds(since));
        }

        if (query.Until is { } until)
        {
            candidate.Bind(5, UnixTime.ToSeconds(until));
        }

        return candidate;
    }

    private SearchPage Page()
    {
        var ranked = _found.Take(RankedWindow).OrderByDescending(found => found.Score).Concat(_found.Skip(RankedWindow));
        var start = (int)Math.Min(query.ClampedOffset, _found.Count);
        var items = ranked.Skip(start).Take(query.ClampedLimit).Select(found => Result(found.Id)).ToList();
        return new SearchPage(items, _found.Count > start + items.Count);
    }

    private SearchResult Result(long id)
    {
        using var row = connection.Use(connection.Sql.FoundMessage);
        row.Bind(1, id).Step();
        var sessionId = row.Utf8(0).ToArray();
        var conversation = ConversationOf(new SessionKey(row.Int64(9), sessionId, row.Int64(10) != 0));
        var neighbours = new List<SearchContext>(2);
        AddContext(neighbours, conversation, sql => sql.Before, id);
        AddContext(neighbours, conversation, sql => sql.After, id);

        // What the index of words has found may stand in the name or the arguments of a tool.
        var content = StoredContent.ReadText(row.Utf8(2));
        var texts = new[] { content, row.Text(4).AsText(), row.Text(5).AsText() };
        return new SearchResult
        {
            MessageId = id,
            SessionId = FieldValue.Utf8Text(sessionId).AsText()!,
            Role = FieldValue.Utf8Text(row.Utf8(1)).AsText()!,
            Snippet = SearchSnippet.Create(texts.FirstOrDefault(text => text is not null && SearchSnippet.HasHit(text, expression)) ?? content, expression),
            Timestamp = UnixTime.FromSeconds(row.IsNumber(3) ? row.Double(3) : 0),
            ToolName = row.Text(4).AsText(),
            Source = FieldValue.Utf8Text(row.Utf8(6)).AsText()!,
            Model = row.Text(7).AsText(),
            Title = SessionReader.ReadText(connection, connection.Sql.Title, conversation.Last.Row),
            SessionStarted = UnixTime.FromSeconds(row.IsNumber(8) ? row.Double(8) : 0),
            Context = neighbours,
        };
    }

    private void AddContext(List<SearchContext> neighbours, Conversation conversation, Func<MessageSql, string> question, long id)
    {
        using var row = SessionReader.Use(connection, conversation, question);
        if (row.Bind(2, id).Step())
        {
            neighbours.Add(new SearchContext(
                FieldValue.Utf8Text(row.Utf8(0)).AsText()!, SearchSnippet.Beginning(StoredContent.ReadText(row.Utf8(1)), MaxContext)));
        }
    }

    /// <summary>The ids that an index gives, newest first, fetched as they are needed.</summary>
    private sealed class IndexedIds(Connection connection, string sql, string? match)
    {
        private const int Chunk = 256;

        private readonly Queue<long> _ids = new(Chunk);
        private long _before = long.MaxValue;
        private bool _isAtEnd = match is null;

        public long? Peek()
        {
            if (_ids.Count == 0 && !_isAtEnd)
            {
                Fetch();
            }

            return _ids.TryPeek(out var id) ? id : null;
        }

        public void Skip() => _ids.Dequeue();

        private void Fetch()
        {
            using var rows = connection.Use(sql);
            rows.Bind(1, match).Bind(2, _before).Bind(3, (long)Chunk);
            while (rows.Step())
            {
                _before = rows.Int64(0);
                _ids.Enqueue(_before);
            }

            _isAtEnd = _ids.Count < Chunk;
        }
    }
}
