using System.Collections.Concurrent;
using System.Diagnostics;
using Hermes.Core.Sessions;

namespace Hermes.Core.Http;

/// <summary>Keeps rendered pages of sessions for as long as the store's stamp says that nothing changed.</summary>
/// <remarks>Safe for use from any thread. Bounded: the page that is known for longest makes room first.</remarks>
internal sealed class RenderedPages
{
    private const long MaxBytes = 4 * 1024 * 1024;

    // A longer one would be a large object, which the runtime collects late; who asks for so much does not ask often.
    private const int MaxPageBytes = 64 * 1024;

    // What it takes to know a page, beside the page itself and the texts of its query, about.
    private const long EntryBytes = 512;

    private readonly Lock _lock = new();
    private readonly ConcurrentDictionary<SessionQuery, Entry> _pages = new();

    // Each key of the pages once.
    private readonly Queue<SessionQuery> _order = new();
    private long _bytes;

    /// <summary>The page as it was rendered at this stamp.</summary>
    /// <returns>Null where it is to be rendered.</returns>
    public RenderedPage? Find(SessionQuery query, SessionStamp? stamp) =>
        stamp is not null && _pages.TryGetValue(query, out var known) && known.Stamp == stamp && known.Page.IsGood
            ? known.Page
            : null;

    /// <summary>Keeps a page, where there is room for it.</summary>
    /// <param name="query">The page's query.</param>
    /// <param name="stamp">The stamp, read before the page was; null keeps nothing.</param>
    /// <param name="page">The page.</param>
    public void Add(SessionQuery query, SessionStamp? stamp, RenderedPage page)
    {
        var entry = new Entry(stamp.GetValueOrDefault(), page, EntryBytes + TextBytes(query) + page.Body.Length);
        if (stamp is null || page.Body.Length > MaxPageBytes)
        {
            return;
        }

        lock (_lock)
        {
            if (_pages.TryGetValue(query, out var older))
            {
                _bytes -= older.Size;
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
                _bytes -= oldest.Size;
            }
        }
    }

    private static long TextBytes(SessionQuery query) =>
        sizeof(char) * ((query.Source?.Length ?? 0) + (query.TitleContains?.Length ?? 0) + (query.Before?.Length ?? 0));

    private readonly record struct Entry(SessionStamp Stamp, RenderedPage Page, long Size);
}

/// <summary>A page of sessions as it is sent.</summary>
/// <param name="Body">The JSON.</param>
/// <param name="GoodUntil">The time, by <see cref="Stopwatch"/>, up to which it is good even while the stamp stays; null for as long as that.</param>
internal readonly record struct RenderedPage(ReadOnlyMemory<byte> Body, long? GoodUntil)
{
    public bool IsGood => GoodUntil is not { } until || Stopwatch.GetTimestamp() < until;
}
