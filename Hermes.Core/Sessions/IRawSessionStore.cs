using System.Buffers;

namespace Hermes.Core.Sessions;

/// <summary>A store that can write the HTTP API's JSON without going through <see cref="Session"/> and <see cref="Message"/>.</summary>
/// <remarks>
/// Synchronous, and safe for use from any thread. A method that throws may have written a part: give it a buffer that can be
/// thrown away, not a response that has begun. The errors are those of <see cref="SessionStore"/>.
/// </remarks>
internal interface IRawSessionStore
{
    /// <summary>Reads the store's stamp. What is rendered after reading it is at least as new as the stamp.</summary>
    /// <returns>Null where there is no file, and so nothing to keep a rendered answer for.</returns>
    SessionStamp? ReadStamp();

    /// <summary>Writes <c>{"items":[…],"total","limit","offset","has_more","next"}</c>, see <see cref="SessionJson.WritePage"/>.</summary>
    /// <returns>The time, by <see cref="System.Diagnostics.Stopwatch"/>, up to which the page is good even while the stamp stays; null where it is for as long as that.</returns>
    long? WritePage(SessionQuery query, IBufferWriter<byte> output);

    /// <summary>Writes <c>{"session":{…}}</c> for what <see cref="SessionStore.FindAsync"/> would find.</summary>
    /// <returns>False, and nothing written, where it finds nothing.</returns>
    bool WriteSession(string idOrPrefix, IBufferWriter<byte> output);

    /// <summary>
    /// Writes <c>{"items":[…],"total","has_more"}</c> for what <see cref="SessionStore.FindAsync"/> would find; <c>total</c> counts all its messages.
    /// </summary>
    /// <returns>False, and nothing written, where it finds nothing.</returns>
    bool WriteMessages(string idOrPrefix, MessageQuery query, IBufferWriter<byte> output);
}
