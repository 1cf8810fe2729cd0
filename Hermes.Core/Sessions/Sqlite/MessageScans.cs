using System.Collections.Concurrent;

namespace Hermes.Core.Sessions.Sqlite;

/// <summary>What searches have read so far, so that the next one goes on from there, also after its caller went away.</summary>
/// <remarks>Safe for use from any thread; nobody waits for a scan of somebody else. Bounded: the one that was used last stays longest.</remarks>
internal sealed class MessageScans(TimeProvider time)
{
    private const int MaxQueries = 4;

    // A message that is changed in place so that its index does not have it any more is missed for no longer than this.
    private static readonly TimeSpan GapLifetime = TimeSpan.FromMinutes(10);

    private readonly Lock _lock = new();
    private readonly List<(string Query, VersionToken Version, Scan Scan)> _queries = [];
    private readonly Dictionary<string, (long Opening, long Began, Scan Scan)> _gaps = [];

    /// <summary>The scan for the gaps of an index: messages that it has otherwise than they are written. Commits add to the file, and change little in it.</summary>
    public Scan OfGaps(string index, VersionToken? version)
    {
        if (version is not { } known)
            return new Scan();

        lock (_lock)
        {
            if (!_gaps.TryGetValue(index, out var gaps) || gaps.Opening != known.Opening || time.GetElapsedTime(gaps.Began) > GapLifetime)
                _gaps[index] = gaps = (known.Opening, time.GetTimestamp(), new Scan());

            return gaps.Scan;
        }
    }

    /// <summary>The scan for the answers to a query. It is true for one version of the file.</summary>
    public Scan OfQuery(string query, VersionToken? version)
    {
        if (version is not { } known)
            return new Scan();

        lock (_lock)
        {
            var index = _queries.FindIndex(other => other.Query == query && other.Version == known);
            var entry = index < 0 ? (query, known, new Scan()) : _queries[index];
            _queries.RemoveAll(other => other.Query == query);
            _queries.Insert(0, entry);
            if (_queries.Count > MaxQueries)
                _queries.RemoveAt(MaxQueries);

            return entry.Item3;
        }
    }

    /// <summary>Which messages satisfy a condition, by blocks of ids. A block is read in one transaction.</summary>
    internal sealed class Scan
    {
        private const int BlockSize = 1024;

        // 16 MB. What is beyond is read again.
        private const int MaxIds = 2_000_000;

        private readonly ConcurrentDictionary<long, long[]> _blocks = new();
        private int _count;

        public static long BlockOf(long id) => id >> 10;

        /// <summary>The smallest id that a block can have.</summary>
        public static long First(long block) => block << 10;

        /// <summary>The largest one.</summary>
        public static long Last(long block) => First(block) | (BlockSize - 1);

        /// <summary>The ids of a block, newest first; null where it was not read.</summary>
        public long[]? Find(long block) => _blocks.GetValueOrDefault(block);

        public void Add(long block, long[] ids)
        {
            if (Volatile.Read(ref _count) < MaxIds && _blocks.TryAdd(block, ids))
                Interlocked.Add(ref _count, ids.Length);
        }
    }
}
