using System.ClientModel;
using System.Runtime.CompilerServices;
using Hermes.Core.Chat;
using Microsoft.Extensions.AI;

namespace Hermes.Host.Chat;

/// <summary>Says in a <see cref="ChatProviderException"/> what went wrong at an OpenAI-compatible provider, without the provider's words.</summary>
internal sealed class ProviderErrors(IChatClient inner) : DelegatingChatClient(inner)
{
    public override async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        try
        {
            return await base.GetResponseAsync(messages, options, cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw Explain(exception);
        }
    }

    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await using var updates = base.GetStreamingResponseAsync(messages, options, cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (await MoveNextAsync(updates, cancellationToken))
        {
            yield return updates.Current;
        }
    }

    private static async ValueTask<bool> MoveNextAsync(IAsyncEnumerator<ChatResponseUpdate> updates, CancellationToken cancellationToken)
    {
        try
        {
            return await updates.MoveNextAsync();
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw Explain(exception);
        }
    }

    // What steps around this client log is the whole exception, so nothing that quotes the provider is in it: it may quote the key.
    private static ChatProviderException Explain(Exception exception) => exception switch
    {
        ChatProviderException known => known,
        ClientResultException { Status: > 0 } result => new("it answered with an error", result.Status, RetryAfter(result)),
        HttpRequestException or IOException or TimeoutException => new("it cannot be reached, or its answer broke off", inner: exception),
        _ => new($"it did not answer in time, or its answer cannot be understood ({exception.GetType().Name})"),
    };

    private static TimeSpan? RetryAfter(ClientResultException result) =>
        result.GetRawResponse()?.Headers.TryGetValue(RetryAfterHeader.Name, out var value) is true ? RetryAfterHeader.Parse(value) : null;
}
