using Hermes.Core.Sessions;

namespace Hermes.Core.Http.Caching;

/// <summary>Keeps pages of sessions for as long as the store's version token says that nothing changed.</summary>
/// <remarks>Safe for use from any thread. Bounded: the page that was kept first makes room first.</remarks>
internal sealed class PageCache
{
    private const long MaxBytes = 4 * 1024 * 1024;

    // The longest page of a list, 500 sessions, has some 450 KB.
    private const long MaxPageBytes = 1024 * 1024;

    // What it takes to know a page, beside the page itself and the texts of its query, about.
    private const long EntryBytes = 2 * 1024;

    private readonly Lock _lock = new();
    private readonly Dictionary<SessionQuery, Entry> _pages = [];

    // Each key of the pages once.
    private readonly Queue<SessionQuery> _order = new();
    private long _bytes;

    /// <summary>The page, JSON as UTF-8 in parts, as it was at this version; null where it is to be made.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>>? Find(SessionQuery query, VersionToken? version)
    {
        lock (_lock)
        {
            return version is not null && _pages.TryGetValue(query, out var known) && known.Version == version ? known.Page : null;
        }
    }

    /// <summary>Keeps a page, where there is room for it, with the version that was read before the page was; null keeps nothing.</summary>
    public void Add(SessionQuery query, VersionToken? version, IReadOnlyList<ReadOnlyMemory<byte>> page)
    {
        var texts = (query.Source?.Length ?? 0) + (query.TitleContains?.Length ?? 0) + (query.Before?.Length ?? 0);
        var entry = new Entry(version.GetValueOrDefault(), page, EntryBytes + (sizeof(char) * texts) + page.Distinct().Sum(part => (long)part.Length));
        if (version is null || entry.Size > MaxPageBytes) return;

        lock (_lock)
        {
            if (_pages.TryGetValue(query, out var older))
                _bytes -= older.Size;
            else
                _order.Enqueue(query);

            _pages[query] = entry;
            _bytes += entry.Size;
            while (_bytes > MaxBytes)
            {
                _pages.Remove(_order.Dequeue(), out var oldest);
                _bytes -= oldest.Size;
            }
        }
    }

    private readonly record struct Entry(VersionToken Version, IReadOnlyList<ReadOnlyMemory<byte>> Page, long Size);
}
