using System.Buffers;
using System.Collections.Concurrent;
using Hermes.Core.Rendering;
using Hermes.Core.Sessions;

namespace Hermes.Core.Http;

/// <summary>Keeps rendered pages of sessions for as long as the store's stamp says that nothing changed.</summary>
/// <remarks>Safe for use from any thread. Bounded: pages that would not fit make room by clearing all of them.</remarks>
internal sealed class RenderedPages
{
    private const long MaxBytes = 8 * 1024 * 1024;

    private readonly ConcurrentDictionary<SessionQuery, (SessionStamp Stamp, ReadOnlySequence<byte> Page)> _pages = new();
    private long _bytes;

    /// <summary>The page as it was rendered at this stamp, else rendered now.</summary>
    /// <param name="query">The page.</param>
    /// <param name="stamp">The stamp, read before this call; null keeps nothing.</param>
    /// <param name="render">Writes the page.</param>
    public ReadOnlySequence<byte> GetOrRender(SessionQuery query, SessionStamp? stamp, Action<PooledBuffer> render)
    {
        if (stamp is not null && _pages.TryGetValue(query, out var kept) && kept.Stamp == stamp)
        {
            return kept.Page;
        }

        using var output = new PooledBuffer(expectedSize: 32 * 1024);
        render(output);
        var page = ByteChunk.Copy(output.Written);
        if (stamp is not null && page.Length <= MaxBytes / 4)
        {
            // The sum overstates: what a newer page replaces still counts. That clears a little early, never late.
            if (Interlocked.Add(ref _bytes, page.Length) > MaxBytes)
            {
                _pages.Clear();
                Interlocked.Exchange(ref _bytes, page.Length);
            }

            _pages[query] = (stamp.Value, page);
        }

        return page;
    }
}
