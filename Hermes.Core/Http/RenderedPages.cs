using System.Buffers;
using System.Collections.Concurrent;
using Hermes.Core.Rendering;
using Hermes.Core.Sessions;

namespace Hermes.Core.Http;

/// <summary>Keeps rendered pages of sessions for as long as the store's stamp says that nothing changed.</summary>
/// <remarks>
/// <para>A page is kept from the second time on that it is rendered of one state: a client that asks once after each change would have
/// every page copied for nobody, and what is kept for a while is the dearest to collect.</para>
/// <para>Safe for use from any thread. Bounded: what would not fit makes room by clearing all of it.</para>
/// </remarks>
internal sealed class RenderedPages
{
    private const long MaxBytes = 8 * 1024 * 1024;

    // What it takes to remember that a page was rendered, about.
    private const long EntryBytes = 512;

    private readonly ConcurrentDictionary<SessionQuery, (SessionStamp Stamp, ReadOnlySequence<byte>? Page)> _pages = new();
    private long _bytes;

    /// <summary>The page as it was rendered at this stamp.</summary>
    /// <returns>Null where it is to be rendered.</returns>
    public ReadOnlySequence<byte>? Find(SessionQuery query, SessionStamp? stamp) =>
        stamp is not null && _pages.TryGetValue(query, out var known) && known.Stamp == stamp ? known.Page : null;

    /// <summary>Notes that a page was rendered, and copies it if that happened before.</summary>
    /// <param name="query">The page.</param>
    /// <param name="stamp">The stamp, read before the page was; null keeps nothing.</param>
    /// <param name="page">The page, which may go away after this call.</param>
    public void Add(SessionQuery query, SessionStamp? stamp, ReadOnlySequence<byte> page)
    {
        if (stamp is null || page.Length > MaxBytes / 4)
        {
            return;
        }

        var isKept = _pages.TryGetValue(query, out var known) && known.Stamp == stamp;
        var size = EntryBytes + (isKept ? page.Length : 0);

        // The sum overstates: what a newer page replaces still counts. That clears a little early, never late.
        if (Interlocked.Add(ref _bytes, size) > MaxBytes)
        {
            _pages.Clear();
            Interlocked.Exchange(ref _bytes, size);
        }

        _pages[query] = (stamp.Value, isKept ? ByteChunk.Copy(page) : null);
    }
}
