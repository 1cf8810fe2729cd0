using System.Runtime.CompilerServices;

namespace Hermes.Providers;

/// <summary>Stands in where no model is configured: it says so, and gives back what it was told, so that everything around it can be tried.</summary>
internal sealed class OfflineChatClient : IChatClient
{
    internal const string Notice =
        "No model is configured: set Hermes:Chat:BaseUrl and Hermes:Chat:Model, or the model section of config.yaml with its provider and that provider's key or address.";

    public async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        await GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken).ConfigureAwait(false);

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var said = messages.LastOrDefault(message => message.Role == ChatRole.User)?.Text;
        yield return new ChatResponseUpdate(ChatRole.Assistant, $"{Notice}\n\n") { ModelId = "offline" };
        await Task.Yield();
        yield return new ChatResponseUpdate(ChatRole.Assistant, $"You said: {said}") { ModelId = "offline", FinishReason = ChatFinishReason.Stop };
    }

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is null && serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose()
    {
    }
}
