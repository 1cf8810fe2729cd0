using System.Runtime.CompilerServices;
using Hermes.Core.Chat;
using OpenAI.Chat;
using ChatFinishReason = Microsoft.Extensions.AI.ChatFinishReason;
using ChatMessage = Microsoft.Extensions.AI.ChatMessage;

namespace Hermes.Providers;

/// <summary>
/// A provider as the steps around it may see it: what goes wrong is said without the provider's words, and a message whose tool calls have no end
/// ends as one that ran into its limit.
/// </summary>
/// <remarks>
/// Steps around log exceptions whole, and a provider may quote the key. The client for OpenAI's API tells calls when they are whole, and collects them
/// until then; what it has of them is seen in its raw updates alone. These are dropped here: the steps around keep every update, and nobody looks at
/// the raw ones.
/// </remarks>
internal sealed class ProviderChatClient(IChatClient inner, int maxLength) : DelegatingChatClient(inner)
{
    // What a call takes beside its arguments.
    private const int CallSize = 64;

    public override async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        try
        {
            return await base.GetResponseAsync(messages, options, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw Explain(exception);
        }
    }

    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var length = 0L;
        var updates = base.GetStreamingResponseAsync(messages, options, cancellationToken).GetAsyncEnumerator(cancellationToken);
        await using var disposing = updates.ConfigureAwait(false);
        while (await MoveNextAsync(updates, cancellationToken).ConfigureAwait(false))
        {
            var update = updates.Current;
            length += (update.RawRepresentation as StreamingChatCompletionUpdate)?.ToolCallUpdates.Sum(LengthOf) ?? 0;
            if (length > maxLength)
            {
                yield return new ChatResponseUpdate { ModelId = update.ModelId, FinishReason = ChatFinishReason.Length };
                yield break;
            }

            update.RawRepresentation = null;
            foreach (var content in update.Contents)
                content.RawRepresentation = null;

            yield return update;
        }
    }

    /// <summary>Says what a client threw without the provider's words: nothing of the exception but its type, except where the network failed.</summary>
    internal static ChatProviderException Explain(Exception exception) => ChatProviderException.Find(exception) ?? exception switch
    {
        HttpRequestException or IOException or TimeoutException => new("it cannot be reached, or its answer broke off", inner: exception),
        _ => new($"it did not answer in time, or its answer cannot be understood ({exception.GetType().Name})"),
    };

    private static async ValueTask<bool> MoveNextAsync(IAsyncEnumerator<ChatResponseUpdate> updates, CancellationToken cancellationToken)
    {
        try
        {
            return await updates.MoveNextAsync().ConfigureAwait(false);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw Explain(exception);
        }
    }

    private static long LengthOf(StreamingChatToolCallUpdate call) =>
        (call.FunctionArgumentsUpdate?.ToMemory().Length ?? 0) + (string.IsNullOrEmpty(call.FunctionName) ? 0 : CallSize);
}
