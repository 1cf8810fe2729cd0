using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using OpenAI.Chat;

namespace Hermes.Host.Chat;

/// <summary>Ends a model's message whose tool calls have no end, as one that ran into its limit.</summary>
/// <remarks>
/// The client for OpenAI's API tells calls when they are whole, and collects them until then; what it has of them is seen in its raw
/// updates alone. These are dropped here: the steps around keep every update, and nobody looks at the raw ones.
/// </remarks>
internal sealed class EndlessCalls(IChatClient inner, int maxLength) : DelegatingChatClient(inner)
{
    // What a call takes beside its arguments.
    private const int CallSize = 64;

    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<Microsoft.Extensions.AI.ChatMessage> messages, ChatOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var length = 0L;
        await foreach (var update in base.GetStreamingResponseAsync(messages, options, cancellationToken))
        {
            length += (update.RawRepresentation as StreamingChatCompletionUpdate)?.ToolCallUpdates.Sum(LengthOf) ?? 0;
            if (length > maxLength)
            {
                yield return new ChatResponseUpdate { ModelId = update.ModelId, FinishReason = Microsoft.Extensions.AI.ChatFinishReason.Length };
                yield break;
            }

            update.RawRepresentation = null;
            foreach (var content in update.Contents)
            {
                content.RawRepresentation = null;
            }

            yield return update;
        }
    }

    private static long LengthOf(StreamingChatToolCallUpdate call) =>
        (call.FunctionArgumentsUpdate?.ToMemory().Length ?? 0) + (string.IsNullOrEmpty(call.FunctionName) ? 0 : CallSize);
}
