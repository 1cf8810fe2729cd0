using System.Buffers;

namespace Hermes.Core.Sessions;

/// <summary>A store that can write the HTTP API's JSON without going through <see cref="Session"/> and <see cref="Message"/>.</summary>
/// <remarks>
/// Safe for use from any thread. What is waited for, a connection to read with, holds no thread and ends when it is cancelled. A method
/// that throws may have written a part: give it a buffer that can be thrown away, not a response that has begun. The errors are those of <see cref="SessionStore"/>.
/// </remarks>
internal interface IRawSessionStore
{
    /// <summary>Reads the store's stamp. What is rendered after reading it is at least as new as the stamp.</summary>
    /// <returns>Null where there is no file, and so nothing to keep a rendered answer for.</returns>
    SessionStamp? ReadStamp();

    /// <summary>Writes <c>{"object","items":[…],"total","limit","offset","has_more","next"}</c>, see <see cref="SessionJson.WritePage"/>.</summary>
    /// <param name="query">Which sessions.</param>
    /// <param name="rowNames">The names under which the rows stand, each with all of them.</param>
    /// <param name="output">Where to.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>The time, by <see cref="System.Diagnostics.Stopwatch"/>, up to which the page is good even while the stamp stays; null where it is for as long as that.</returns>
    ValueTask<long?> WritePageAsync(SessionQuery query, IReadOnlyList<string> rowNames, IBufferWriter<byte> output, CancellationToken cancellationToken);

    /// <summary>Writes <c>{"session":{…}}</c> for what <see cref="SessionStore.FindAsync"/> would find.</summary>
    /// <returns>False, and nothing written, where it finds nothing.</returns>
    ValueTask<bool> WriteSessionAsync(string idOrPrefix, IBufferWriter<byte> output, CancellationToken cancellationToken);

    /// <summary>
    /// Writes <c>{"object","items":[…],"session_id","total","has_more"}</c> for what <see cref="SessionStore.FindAsync"/> would find; <c>total</c>
    /// counts all its messages.
    /// </summary>
    /// <remarks>
    /// What fits into one piece is read once, and written under each name. What is longer is read again for each, so that no more than a piece is
    /// held: that doubles the work of a long conversation, and a message that is deleted or changed meanwhile is so under the second name alone.
    /// </remarks>
    /// <param name="idOrPrefix">The session's id, or the start of it.</param>
    /// <param name="query">Which messages.</param>
    /// <param name="rowNames">The names under which the rows stand, each with all of them.</param>
    /// <param name="output">Where to.</param>
    /// <param name="sendAsync">
    /// Called each time that about 100 KB are written and more follow. It may take <paramref name="output"/>'s content away, and as long as it likes:
    /// nothing of the store is held meanwhile. What it gives back says whether to go on.
    /// </param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>False, and nothing written, where it finds nothing.</returns>
    ValueTask<bool> WriteMessagesAsync(
        string idOrPrefix, MessageQuery query, IReadOnlyList<string> rowNames, IBufferWriter<byte> output, Func<ValueTask<bool>> sendAsync, CancellationToken cancellationToken);
}
