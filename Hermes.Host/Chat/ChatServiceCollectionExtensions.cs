using Hermes.Core.Configuration;
using Microsoft.Extensions.AI;

namespace Hermes.Host.Chat;

/// <summary>Makes the configured model this host's agent.</summary>
internal static class ChatServiceCollectionExtensions
{
    /// <summary>Adds the agent. Function invocation, OpenTelemetry and logging are steps around the model, as in any app.</summary>
    public static IServiceCollection AddConfiguredChatClient(this IServiceCollection services, IConfiguration configuration)
    {
        services.Configure<ProviderOptions>(configuration.GetSection(ProviderOptions.Section));
        services.AddSingleton<ConfiguredChatClient>();
        services.AddSingleton<IModelSource, ProviderModelSource>();
        services.AddChatClient(provider => provider.GetRequiredService<ConfiguredChatClient>())
            .UseFunctionInvocation()
            .UseOpenTelemetry()
            .UseLogging();
        return services;
    }
}
