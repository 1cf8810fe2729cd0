using System.ClientModel;
using System.ClientModel.Primitives;
using System.Runtime.CompilerServices;
using Hermes.Core.Chat;
using Hermes.Core.Configuration;
using OpenAI;

namespace Hermes.Providers;

/// <summary>The model that is configured at the time of each call, so that a change of config.yaml needs no restart; else the offline one.</summary>
/// <remarks>Safe for use from any thread.</remarks>
internal sealed partial class ConfiguredChatClient(
    ProviderResolver resolver, IOptionsMonitor<ProviderOptions> options, HermesChatOptions chat, ILogger<ConfiguredChatClient> logger)
    : IChatClient
{
    // The longest event, or the longest plain answer. The largest real ones hold a picture.
    private const int MaxEventBytes = 4 * 1024 * 1024;

    // A redirect would take the key to a machine that nobody configured. One for all clients: the connections are the process's.
    private static readonly HttpClient Http =
        new(new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) }) { Timeout = Timeout.InfiniteTimeSpan };

    private readonly Lock _lock = new();
    private readonly OfflineChatClient _offline = new();
    private (ProviderSettings? Settings, IChatClient Client)? _current;

    public async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        await Current().GetResponseAsync(messages, options, cancellationToken).ConfigureAwait(false);

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var update in Current().GetStreamingResponseAsync(messages, options, cancellationToken).ConfigureAwait(false))
        {
            yield return update;
        }
    }

    /// <summary>Gives itself, by what it finds its provider, so that health tells beforehand whether it can, and what the client that it asked last says of itself.</summary>
    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is not null ? null
        : serviceType.IsInstanceOfType(this) ? this
        : serviceType == typeof(ProviderResolver) ? resolver
        : serviceType == typeof(ProviderOptions) ? options.CurrentValue
        : serviceType == typeof(ChatClientMetadata) ? Asked()?.GetService(serviceType)
        : null;

    /// <summary>Does nothing: the clients share the process's connections, and calls may still run.</summary>
    public void Dispose()
    {
    }

    private IChatClient? Asked()
    {
        lock (_lock)
        {
            return _current?.Client;
        }
    }

    private IChatClient Current()
    {
        var settings = Find();
        lock (_lock)
        {
            if (_current is not { } current || current.Settings != settings)
            {
                current = (settings, settings is null ? _offline : Create(settings));
                _current = current;
                LogModel(settings?.ToString() ?? "none is configured, an echo answers");
            }

            return current.Client;
        }
    }

    private ProviderSettings? Find()
    {
        try
        {
            return resolver.Find(options.CurrentValue);
        }
        catch (OptionsValidationException exception)
        {
            // Settings are read again when their file changes, and may be wrong by then.
            throw new ChatConfigurationException(string.Join(" ", exception.Failures));
        }
        catch (ProviderConfigurationException exception)
        {
            throw new ChatConfigurationException(exception.Message, exception.InnerException);
        }
    }

    private ProviderChatClient Create(ProviderSettings settings)
    {
        var client = new OpenAIClientOptions
        {
            Endpoint = settings.BaseUrl,
            Transport = new HttpClientPipelineTransport(Http),

            // A model may think for minutes before its first word. Whoever asks says how long: Hermes:Chat:ModelTimeout.
            NetworkTimeout = Timeout.InfiniteTimeSpan,

            // Retrying is the caller's decision: a 429 reaches it at once, with the time to wait.
            RetryPolicy = new ClientRetryPolicy(maxRetries: 0),
        }.UseProviderRepair(MaxEventBytes);

        // Local providers take any key, but the client wants one.
        var model = new OpenAI.Chat.ChatClient(settings.Model, new ApiKeyCredential(settings.ApiKey ?? "none"), client);
        return new ProviderChatClient(model.AsIChatClient(), chat.MaxAnswerLength);
    }

    [LoggerMessage(300, LogLevel.Information, "Model: {Model}")]
    private partial void LogModel(string model);
}
