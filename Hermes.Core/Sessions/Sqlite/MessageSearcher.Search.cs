using System.Diagnostics;
using Hermes.Core.Sessions.Search;

namespace Hermes.Core.Sessions.Sqlite;

internal sealed partial class MessageSearcher
{
    /// <summary>One search, newest first.</summary>
    /// <remarks>
    /// <para>Two sources propose messages by descending ids: an index of the file, and a scan of what the index cannot see, see <see cref="SearchIndexes.FindGaps"/>;
    /// where no index can answer, a scan of all messages. Each candidate is then looked at itself, so a file of any age finds the same.</para>
    /// <para>When half of the time is over the scan stops, and what the index has is followed further down alone: the cursor says where each of them stopped.
    /// <paramref name="timeUsed"/> is the part of its time that the search has used; from 1 on it ends.</para>
    /// </remarks>
    private sealed class Search(
        SearchQuery query, SearchExpression expression, Cursor before, KeptScans scans, VersionToken? version, bool usesIndexes, Func<double> timeUsed)
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

        // Each search gets on by one step at least, however little time it has: a candidate that it looked at, or a block without one that is never read again.
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
            if ((_file ??= connection.File) != connection.File) throw SqliteFailure.Refused("state.db was replaced while it was read");

            var began = Stopwatch.GetTimestamp();
            _plan ??= CreatePlan(connection);
            while (!_isOver && (Stopwatch.GetElapsedTime(began) < Slice || !_hasMoved))
                Step(connection, _plan);

            return _isOver;
        }

        private Plan CreatePlan(Connection connection)
        {
            var plan = query.SessionId is null ? ChooseSources(connection.Sql.Layout.SearchIndexes) : new Plan(new Scan());
            _isIndexAtEnd = plan.Match is null;
            if (query.SessionId is null)
            {
                // Also where an index gave the page before.
                if (_isIndexAtEnd)
                    _position = new Cursor(Math.Max(_position.Scan, _position.Index), Math.Max(_position.Scan, _position.Index));

                _nextBlock = FindBlockBefore(connection, _position.Scan);
            }
            else if (SessionReader.FindConversation(connection, query.SessionId) is { } within)
            {
                using var ids = SessionReader.Use(connection, within, sql => sql.NewestFirst);
                while (ids.Step())
                {
                    if (ids.Int64(0) < _position.Scan)
                        _scanned.Enqueue(ids.Int64(0));
                }
            }

            return plan;
        }

        private Plan ChooseSources(SearchIndexes indexes)
        {
            if (usesIndexes && expression.Alternatives.All(alternative => alternative.Required.Exists(term => !term.IsLiteral)))
            {
                // What the index of words gives answers for sure, unless some are to be absent, or are no words.
                if (indexes.HasTrigrams && SearchIndexes.TrigramQuery(expression) is { } trigrams)
                    return OfIndex(SearchIndexes.Trigrams, sql => sql.WhichTrigramsMatch, trigrams, isTrusted: false, IsTrigramGap);
                if (indexes.HasWords && SearchIndexes.WordQuery(expression) is { } words)
                    return OfIndex(SearchIndexes.Words, sql => sql.WhichWordsMatch, words, expression.Alternatives.All(IsAllWords), IsWordGap);
            }

            return new Plan(scans.Get(index: null, query.Text, version));

            Plan OfIndex(string index, Func<SessionSql, string> sql, string match, bool isTrusted, Func<Statement, bool> isGap) =>
                new(scans.Get(index, query.Text, version), scans.Get(index, "", version), isGap, sql, match, isTrusted);

            static bool IsWordGap(Statement row) => row.Int64(2) == 0 || SearchIndexes.FindGaps(row.Utf8(1)).InWords;
            static bool IsTrigramGap(Statement row) => row.Int64(3) == 0 || SearchIndexes.FindGaps(row.Utf8(1)).InTrigrams;

            static bool IsAllWords(SearchExpression.Alternative alternative) =>
                alternative.Excluded.Count == 0 && !alternative.Required.Exists(term => term.IsLiteral);
        }

        // Looks at the next candidate, or reads a block to find one.
        private void Step(Connection connection, Plan plan)
        {
            if (_hasMoved && timeUsed() >= 1)
            {
                _isComplete &= _next is not null;
                Finish(_next ?? _position);
                return;
            }

            var indexed = PeekIndex(connection, plan);
            if (_scanned.Count == 0 && !_isScanStopped && _nextBlock is { } block && (indexed is null || indexed <= Scan.Range(block).LastId))
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
                _position = _position with { Index = _indexed.Dequeue() };

            if (scanned == candidate)
                _position = _position with { Scan = _scanned.Dequeue() };

            if (!isFound || _skip-- > 0) return;

            if (_next is not null)
                Finish(_next);
            else
                _items.Add(Result(connection, candidate));

            _next ??= _items.Count == query.ClampedLimit ? _position : null;
        }

        private void Finish(Cursor? next)
        {
            _next = next is { } cursor && _plan!.Match is null ? new Cursor(cursor.Scan, cursor.Scan) : next;
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

        // Takes the candidates of a block: what an earlier search found in it, or what the file has.
        private void ReadBlock(Connection connection, Plan plan, long block)
        {
            var (first, last) = Scan.Range(block);
            if (plan.FindAnswers(block) is not { } answers)
            {
                var known = plan.Gaps?.Find(block);
                if (known is null && _hasMoved && plan.Match is not null && timeUsed() >= 0.5)
                {
                    // The rest of the time is the index's.
                    _isScanStopped = true;
                    _isComplete &= _next is not null;
                    return;
                }

                (var gaps, answers) = known is null
                    ? ReadIds(connection, plan, first, last)
                    : (known, [.. known.SelectMany(id => ReadIds(connection, plan, id, id).Answers)]);
                if (FindBlockBefore(connection, long.MaxValue) > block)
                {
                    // Nothing is added to it any more.
                    plan.Gaps?.Add(block, gaps);
                    plan.Answers.Add(block, answers);
                    _hasMoved |= answers.Length == 0;
                }
            }

            _scanned = new Queue<long>(answers.Where(id => id < _position.Scan));
            _nextBlock = plan.FindAnswers(block - 1) is not null ? block - 1 : FindBlockBefore(connection, first);
            if (_scanned.Count == 0)
                _position = _position with { Scan = Math.Min(_position.Scan, first) };
        }

        private (long[] Gaps, long[] Answers) ReadIds(Connection connection, Plan plan, long first, long last)
        {
            List<long> gaps = [], answers = [];
            using var rows = connection.Use(plan.IsGap is null ? SessionSql.Contents : connection.Sql.ContentsAndIndexing);
            rows.Bind(1, first).Bind(2, last);
            while (rows.Step())
            {
                if (plan.IsGap?.Invoke(rows) is false) continue;

                gaps.Add(rows.Int64(0));
                if (IsAnswer(rows.Utf8(1)))
                    answers.Add(rows.Int64(0));
            }

            return ([.. gaps], [.. answers]);
        }

        private static long? FindBlockBefore(Connection connection, long id)
        {
            using var newest = connection.Use(SessionSql.NewestMessageBefore);
            return newest.Bind(1, id).Step() && !newest.IsNull(0) ? Scan.BlockOf(newest.Int64(0)) : null;
        }

        private bool IsFound(Connection connection, Plan plan, long id, bool isIndexed)
        {
            // The index went ahead on an earlier page, and gave this one if it has it.
            if (!isIndexed && plan.Match is not null && id >= _position.Index && IsInIndex(connection, plan, id)) return false;

            using var candidate = connection.Use(connection.Sql.ContentOfCandidate);
            candidate.Bind(1, id).Bind(2, query.Source).Bind(3, query.Role);
            if (query.Since is { } since)
                candidate.Bind(4, UnixTime.ToSeconds(since));

            if (query.Until is { } until)
                candidate.Bind(5, UnixTime.ToSeconds(until));

            if (!candidate.Step()) return false;

            // The index has the JSON of a structured content, with the names of its fields.
            var content = candidate.Utf8(0);
            return ((isIndexed && plan.IsTrusted && !StoredContent.IsStructured(content)) || IsAnswer(content)) && IsShownInConversation(connection, id, candidate);
        }

        private bool IsAnswer(ReadOnlySpan<byte> content) => expression.Matches(StoredContent.ReadText(content));

        private static bool IsInIndex(Connection connection, Plan plan, long id)
        {
            using var newest = connection.Use(plan.IndexSql!(connection.Sql));
            return newest.Bind(1, plan.Match).Bind(2, id + 1).Bind(3, 1L).Step() && newest.Int64(0) == id;
        }

        // Whether the conversation of a candidate is listed, and has the message in no earlier session.
        private bool IsShownInConversation(Connection connection, long id, Statement candidate)
        {
            if (candidate.Int64(3) == 0) return true;

            var conversation = ConversationOf(connection, new SessionKey(candidate.Int64(1), candidate.Utf8(2).ToArray(), MayBePart: true));
            if (!conversation.IsContinued) return true;

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
                Snippet = expression.CreateSnippet(texts.FirstOrDefault(text => text is not null && expression.HasHit(text)) ?? content),
                Timestamp = UnixTime.FromSeconds(row.IsNumber(3) ? row.Double(3) : 0),
                ToolName = row.Text(4).AsText(),
                Source = FieldValue.Text(row.Utf8(6)).AsText()!,
                Model = row.Text(7).AsText(),
                Title = SessionReader.ReadText(connection, connection.Sql.Title, conversation.Last.Row),
                SessionStarted = UnixTime.FromSeconds(row.IsNumber(8) ? row.Double(8) : 0),
                Context = [.. Neighbour(connection, conversation, sql => sql.Before, id), .. Neighbour(connection, conversation, sql => sql.After, id)],
            };
        }

        private static SearchContext[] Neighbour(Connection connection, Conversation conversation, Func<MessageSql, string> question, long id)
        {
            using var row = SessionReader.Use(connection, conversation, question);
            return row.Bind(2, id).Step()
                ? [new SearchContext(FieldValue.Text(row.Utf8(0)).AsText()!, SearchExpression.Beginning(StoredContent.ReadText(row.Utf8(1)), MaxContext))]
                : [];
        }

        /// <summary>Where candidates come from.</summary>
        /// <param name="Answers">What scans have found so far, by the query's text alone.</param>
        /// <param name="Gaps">What of the messages was scanned for, so far; null for all of them.</param>
        /// <param name="IsGap">Whether a message belongs to it.</param>
        /// <param name="IndexSql">The newest ?3 messages before ?2 that an index has for ?1; null where none is asked.</param>
        /// <param name="Match">What the index is asked for, likewise.</param>
        /// <param name="IsTrusted">Whether what it gives answers for sure.</param>
        private sealed record Plan(
            Scan Answers, Scan? Gaps = null, Func<Statement, bool>? IsGap = null, Func<SessionSql, string>? IndexSql = null, string? Match = null, bool IsTrusted = false)
        {
            /// <summary>The answers that a block has; null where they are not known.</summary>
            public long[]? FindAnswers(long block) => Answers.Find(block) ?? (Gaps?.Find(block) is [] ? [] : null);
        }
    }
}
