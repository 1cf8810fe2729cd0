using System.Collections.Concurrent;
using Hermes.Core.Sessions.Search;
using Microsoft.Data.Sqlite;

namespace Hermes.Core.Sessions.Sqlite;

/// <summary>Searches the messages of a file, in transactions that are too short for anybody to wait for them.</summary>
/// <remarks>Safe for use from any thread.</remarks>
internal sealed partial class MessageSearcher(ReaderPool readers, TimeProvider time, TimeSpan searchTime, ILogger logger)
{
    // For all homes together: where there are several processors, half of them are left to whoever does not search.
    private static readonly SemaphoreSlim Turns = new(Math.Max(1, Environment.ProcessorCount / 2));

    private readonly KeptScans _scans = new(time);
    private int _isDamageLogged;

    public async Task<SearchPage> SearchAsync(SearchQuery query, CancellationToken cancellationToken)
    {
        var cursor = Cursor.Parse(query.Before);
        var expression = SearchExpression.Parse(query.Text);
        if (expression.Alternatives.Count == 0) return new SearchPage([], Next: null);

        var began = time.GetTimestamp();
        var token = readers.ReadVersion();
        try
        {
            return await RunAsync(Create(usesIndexes: true)).ConfigureAwait(false);
        }
        catch (SessionStoreUnavailableException e) when (e.InnerException is SqliteException damage && !SqliteFailure.IsBusy(damage))
        {
            // An index that is damaged, or cannot be loaded here, is none. Where more than the index is broken this fails too.
            var page = await RunAsync(Create(usesIndexes: false)).ConfigureAwait(false);
            if (Interlocked.Exchange(ref _isDamageLogged, 1) == 0)
                LogDamagedIndex(logger, damage.SqliteExtendedErrorCode);

            return page;
        }

        Search Create(bool usesIndexes) => new(query, expression, cursor, _scans, token, usesIndexes, () => time.GetElapsedTime(began) / searchTime);

        async Task<SearchPage> RunAsync(Search search)
        {
            for (var isOver = false; !isOver;)
            {
                await Turns.WaitAsync(cancellationToken).ConfigureAwait(false);
                try
                {
                    isOver = await readers.ReadAsync(search.Advance, missing: true, cancellationToken).ConfigureAwait(false);
                }
                finally
                {
                    Turns.Release();
                }
            }

            return search.Page;
        }
    }

    [LoggerMessage(3, LogLevel.Warning, "The search index of state.db cannot be read (SQLite error {Code}): searches read the messages themselves, which takes longer. Let the Hermes agent rebuild the index")]
    private static partial void LogDamagedIndex(ILogger logger, int code);

    /// <summary>Where a search goes on: below the one id in the scan, below the other in the index.</summary>
    /// <remarks>As text the two numbers with <c>_</c> between, or one where they are the same.</remarks>
    private readonly record struct Cursor(long Scan, long Index)
    {
        /// <exception cref="SessionValidationException">No search gave this text.</exception>
        public static Cursor Parse(string? text)
        {
            if (text is null) return new Cursor(long.MaxValue, long.MaxValue);

            var ids = text.Split('_');
            return ids.Length <= 2 && TryParse(ids[0], out var scan) && TryParse(ids[^1], out var index)
                ? new Cursor(scan, index)
                : throw new SessionValidationException("Invalid before: it is not the \"next\" of a search");

            static bool TryParse(string id, out long number) => long.TryParse(id, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);
        }

        public override string ToString() =>
            Scan == Index ? Scan.ToString(CultureInfo.InvariantCulture) : string.Create(CultureInfo.InvariantCulture, $"{Scan}_{Index}");
    }

    /// <summary>What searches have read so far, so that the next one goes on from there, also after its caller went away.</summary>
    /// <remarks>Safe for use from any thread; nobody waits for a scan of somebody else. Bounded: the one that was used last stays longest.</remarks>
    private sealed class KeptScans(TimeProvider time)
    {
        // The gaps of two indexes, and the answers to four queries.
        private const int MaxScans = 6;

        // A message that is changed in place so that its index does not have it any more is missed for no longer than this.
        private const long SecondsOfGaps = 600;

        private readonly Lock _lock = new();
        private readonly List<(string? Index, string Query, VersionToken Version, Scan Scan)> _scans = [];

        /// <summary>The answers to a query among the gaps of an index, or, where the query is empty, those gaps: messages that it has otherwise than they are written.</summary>
        /// <remarks>Commits add to the gaps, and change little in them. Without an index, the answers among all messages: true for one version of the file.</remarks>
        public Scan Get(string? index, string query, VersionToken? version)
        {
            if (version is not { } known) return new Scan();

            if (index is not null)
                known = known with { Version = time.GetTimestamp() / (SecondsOfGaps * time.TimestampFrequency) };

            lock (_lock)
            {
                var kept = _scans.Find(other => other.Index == index && other.Query == query);
                _scans.Remove(kept);
                _scans.Insert(0, kept.Scan is not null && kept.Version == known ? kept : (index, query, known, new Scan()));
                if (_scans.Count > MaxScans)
                    _scans.RemoveAt(MaxScans);

                return _scans[0].Scan;
            }
        }
    }

    /// <summary>Which messages satisfy a condition, by blocks of 1024 ids. A block is read in one transaction.</summary>
    private sealed class Scan
    {
        // 16 MB. What is beyond is read again.
        private const int MaxIds = 2_000_000;

        private readonly ConcurrentDictionary<long, long[]> _blocks = new();
        private int _count;

        public static long BlockOf(long id) => id >> 10;
        public static (long FirstId, long LastId) Range(long block) => (block << 10, (block << 10) | 1023);

        /// <summary>The ids of a block, newest first; null where it was not read.</summary>
        public long[]? Find(long block) => _blocks.GetValueOrDefault(block);

        public void Add(long block, long[] ids)
        {
            if (Volatile.Read(ref _count) < MaxIds && _blocks.TryAdd(block, ids))
                Interlocked.Add(ref _count, ids.Length);
        }
    }
}
