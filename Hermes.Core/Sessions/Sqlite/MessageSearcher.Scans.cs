using System.Collections.Concurrent;

namespace Hermes.Core.Sessions.Sqlite;

internal sealed partial class MessageSearcher
{
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

        /// <summary>The gaps of an index: messages that it has otherwise than they are written. Commits add to the file, and change little in it.</summary>
        public Scan OfGaps(string index, VersionToken? version) => Of(index, "", PeriodOf(version));

        /// <summary>The answers to a query among the gaps of an index. They are true for as long as those are.</summary>
        public Scan OfGapsThatAnswer(string index, string query, VersionToken? version) => Of(index, query, PeriodOf(version));

        /// <summary>The answers to a query among all messages. They are true for one version of the file.</summary>
        public Scan OfAnswers(string query, VersionToken? version) => Of(index: null, query, version);

        private VersionToken? PeriodOf(VersionToken? version) =>
            version is { } known ? known with { Version = time.GetTimestamp() / (SecondsOfGaps * time.TimestampFrequency) } : null;

        private Scan Of(string? index, string query, VersionToken? version)
        {
            if (version is not { } known) return new Scan();

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

    /// <summary>Which messages satisfy a condition, by blocks of ids. A block is read in one transaction.</summary>
    private sealed class Scan
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
