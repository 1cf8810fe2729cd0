using System.Collections.Concurrent;
using Hermes.Core.Rendering;
using Hermes.Core.Sessions;

namespace Hermes.Core.Http;

/// <summary>Keeps rendered pages of sessions for as long as the store's stamp says that nothing changed.</summary>
/// <remarks>Safe for use from any thread. Bounded: the page that is known for longest makes room first.</remarks>
internal sealed class RenderedPages
{
    private const long MaxBytes = 8 * 1024 * 1024;

    // What it takes to know a page, beside the page itself, about.
    private const long EntryBytes = 512;

    private readonly Lock _lock = new();
    private readonly ConcurrentDictionary<SessionQuery, Entry> _pages = new();

    // Each key of the pages once.
    private readonly Queue<SessionQuery> _order = new();
    private long _bytes;

    /// <summary>The page as it was rendered at this stamp. The caller disposes it.</summary>
    /// <returns>Null where it is to be rendered.</returns>
    public SharedBuffer? Find(SessionQuery query, SessionStamp? stamp) =>
        stamp is not null && _pages.TryGetValue(query, out var known) && known.Stamp == stamp && known.Page.TryHold() ? known.Page : null;

    /// <summary>Keeps a page, where there is room for it.</summary>
    /// <param name="query">The page.</param>
    /// <param name="stamp">The stamp, read before the page was; null keeps nothing.</param>
    /// <param name="page">The page. It stays the caller's to dispose.</param>
    public void Add(SessionQuery query, SessionStamp? stamp, SharedBuffer page)
    {
        var entry = new Entry(stamp.GetValueOrDefault(), page);
        if (stamp is null || entry.Size > MaxBytes / 4 || !page.TryHold())
        {
            return;
        }

        lock (_lock)
        {
            if (_pages.TryGetValue(query, out var older))
            {
                Forget(older);
            }
            else
            {
                _order.Enqueue(query);
            }

            _pages[query] = entry;
            _bytes += entry.Size;
            while (_bytes > MaxBytes)
            {
                _pages.Remove(_order.Dequeue(), out var oldest);
                Forget(oldest);
            }
        }
    }

    private void Forget(Entry entry)
    {
        _bytes -= entry.Size;
        entry.Page.Dispose();
    }

    private readonly record struct Entry(SessionStamp Stamp, SharedBuffer Page)
    {
        public long Size => EntryBytes + Page.Capacity;
    }
}
