using System.ClientModel;
using System.Globalization;
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
        var hasEnd = false;
        await using var updates = base.GetStreamingResponseAsync(messages, options, cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (await MoveNextAsync(updates, cancellationToken))
        {
            hasEnd |= updates.Current.FinishReason is not null;
            yield return updates.Current;
        }

        // A connection that is cut where no length was announced looks like the end of the stream.
        if (!hasEnd)
        {
            throw new ChatProviderException("the answer broke off");
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

    private static ChatProviderException Explain(Exception exception) => exception is ClientResultException { Status: > 0 } result
        ? new ChatProviderException("it answered with an error", result.Status, RetryAfter(result), exception)
        : new ChatProviderException("it cannot be reached, or its answer broke off or cannot be understood", inner: exception);

    // Retry-After is a number of seconds or a date; some providers write fractions.
    private static TimeSpan? RetryAfter(ClientResultException result)
    {
        if (result.GetRawResponse()?.Headers.TryGetValue("Retry-After", out var value) is not true)
        {
            return null;
        }

        if (double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds < TimeSpan.MaxValue.TotalSeconds)
        {
            return TimeSpan.FromSeconds(seconds);
        }

        return DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date)
            ? TimeSpan.FromSeconds(Math.Max(0, (date - TimeProvider.System.GetUtcNow()).TotalSeconds))
            : null;
    }
}
