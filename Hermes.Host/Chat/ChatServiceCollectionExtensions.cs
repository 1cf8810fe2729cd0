using Hermes.Core.Configuration;
using Microsoft.Extensions.AI;

namespace Hermes.Host.Chat;

/// <summary>Makes the configured model this host's agent.</summary>
internal static class ChatServiceCollectionExtensions
{
    /// <summary>Adds the agent. Function invocation, OpenTelemetry and logging are steps around the model, as in any app.</summary>
    public static IServiceCollection AddConfiguredChatClient(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<ProviderOptions>()
            .Bind(configuration.GetSection(ProviderOptions.Section))
            .Validate(
                options => string.IsNullOrWhiteSpace(options.BaseUrl) || ProviderResolver.IsAddress(options.BaseUrl),
                "Hermes:Chat:BaseUrl must be an absolute http: or https: address, as https://models.example/v1")
            .Validate(
                options => options.ApiKey is not { } key || !key.AsSpan().Trim().ContainsAnyExceptInRange('!', '~'),
                "Hermes:Chat:ApiKey has a character that no request can carry: copy the key again")
            .ValidateOnStart();
        services.AddSingleton<ConfiguredChatClient>();
        services.AddSingleton<IModelSource, ProviderModelSource>();
        services.AddChatClient(provider => provider.GetRequiredService<ConfiguredChatClient>())
            .UseFunctionInvocation()
            .UseOpenTelemetry()
            .UseLogging();
        return services;
    }
}
