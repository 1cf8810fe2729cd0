using Hermes.Core.Configuration;
using Hermes.Providers;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the model that a Hermes home names as its agent to an application's services.</summary>
public static class HermesChatClientServiceCollectionExtensions
{
    /// <summary>
    /// Registers an <see cref="IChatClient"/> that asks the OpenAI-compatible provider of the section <c>Hermes:Chat</c> (<c>BaseUrl</c>, <c>ApiKey</c>,
    /// <c>Model</c>), else the one that the home's <c>config.yaml</c> and <c>.env</c> name, and an <see cref="IModelSource"/> that lists its models.
    /// </summary>
    /// <remarks>
    /// <para>
    /// The settings count at the time of each call, so that a change of them needs no restart. Where none names a provider, a stand-in answers: it says so,
    /// and gives back what it was told. A provider that is named and cannot be asked is a <see cref="Hermes.Core.Chat.ChatConfigurationException"/> of the
    /// call, one that fails a <see cref="Hermes.Core.Chat.ChatProviderException"/> without the provider's words. Nothing is retried, and no redirect is followed.
    /// </para>
    /// <para>Needs <c>AddHermes()</c> and the application's configuration. An address or a key in it that cannot work is an error at start.</para>
    /// </remarks>
    /// <param name="services">The application's services.</param>
    /// <returns>A builder for the steps around the model, as <c>UseFunctionInvocation()</c>.</returns>
    /// <example><code>
    /// builder.Services.AddHermes();
    /// builder.Services.AddHermesChatClient().UseFunctionInvocation();
    /// </code></example>
    public static ChatClientBuilder AddHermesChatClient(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddOptions<ProviderOptions>()
            .BindConfiguration(ProviderOptions.Section)
            .Validate(
                options => string.IsNullOrWhiteSpace(options.BaseUrl) || ProviderResolver.IsAddress(options.BaseUrl),
                "Hermes:Chat:BaseUrl must be an absolute http: or https: address, as https://models.example/v1")
            .Validate(
                options => options.ApiKey is not { } key || !key.AsSpan().Trim().ContainsAnyExceptInRange('!', '~'),
                "Hermes:Chat:ApiKey has a character that no request can carry: copy the key again")
            .ValidateOnStart();
        services.AddSingleton<ConfiguredChatClient>();
        services.AddSingleton<IModelSource, ProviderModelSource>();
        return services.AddChatClient(provider => provider.GetRequiredService<ConfiguredChatClient>());
    }
}
