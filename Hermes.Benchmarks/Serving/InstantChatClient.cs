using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace Hermes.Benchmarks.Serving;

/// <summary>A model that answers at once and always the same, so that a chat turn costs what the server makes of it.</summary>
internal sealed class InstantChatClient : IChatClient
{
    private const string Text = "The release is out. Two fixes went in this morning, and the error rate is level.";

    private static readonly UsageDetails Usage = new() { InputTokenCount = 420, OutputTokenCount = 18, TotalTokenCount = 438 };

    public Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, Text)) { FinishReason = ChatFinishReason.Stop, Usage = Usage });

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await Task.CompletedTask;
        yield return new ChatResponseUpdate(ChatRole.Assistant, Text);
        yield return new ChatResponseUpdate(ChatRole.Assistant, [new UsageContent(Usage)]) { FinishReason = ChatFinishReason.Stop };
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose()
    {
    }
}
