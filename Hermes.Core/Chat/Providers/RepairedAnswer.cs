using System.Text.Json.Nodes;

namespace Hermes.Core.Chat.Providers;

/// <summary>A provider's answer as chunks that every client of OpenAI reads.</summary>
internal static class RepairedAnswer
{
    /// <summary>Reads an answer; the last chunk says why it ended and what it took.</summary>
    /// <param name="body">The body; the caller disposes it.</param>
    /// <param name="hasLength">
    /// Whether the body announced its length. Where it did not, an end without <c>[DONE]</c> and without a reason is no proof of a whole answer: servers
    /// and proxies end a stream in an orderly way when what feeds it breaks off.
    /// </param>
    /// <param name="retryAfter">When the provider wants to be asked again; null where it did not say.</param>
    /// <exception cref="ChatProviderException">The answer is an error, no answer, or not whole.</exception>
    public static async IAsyncEnumerable<JsonObject> ReadAsync(ProviderBody body, bool hasLength, TimeSpan? retryAfter)
    {
        var events = new ProviderEvents(body);
        var repair = new AnswerRepair(retryAfter);
        await foreach (var value in events.ReadAsync().ConfigureAwait(false))
        {
            foreach (var chunk in repair.Repair(value))
            {
                yield return chunk;
            }
        }

        yield return repair.Complete(isWhole: events.HasEnd || hasLength);
    }
}
