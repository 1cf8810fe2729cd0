using Hermes.Core;
using Hermes.Core.Changes;
using Hermes.Core.Chat;
using Hermes.Core.Configuration;
using Hermes.Core.Hosting;
using Hermes.Core.Http.Caching;
using Hermes.Core.Http.Endpoints;
using Hermes.Core.Http.Security;
using Hermes.Core.Memory;
using Hermes.Core.Sessions;
using Hermes.Core.Sessions.Sqlite;
using Hermes.Core.Skills;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds Hermes to an application's services.</summary>
public static class HermesServiceCollectionExtensions
{
    /// <summary>Adds the session store, the readers of memory, skills and configuration, and what <c>app.MapHermesApi()</c> needs.</summary>
    /// <remarks>Services that the application registered before (a <c>SessionStore</c>, <c>IFileSystem</c> or <c>TimeProvider</c> of its own) are kept.
    /// Of the application nothing changes: no authentication scheme, policy, middleware or JSON option is added to it. May be called more than once:
    /// the options of all calls apply, in their order. Two calls that name different homes are an error at start.</remarks>
    /// <param name="services">The application's services.</param>
    /// <param name="configure">Options in code; they win over the section <c>Hermes</c> of the configuration. Null for none.</param>
    public static IHermesBuilder AddHermes(this IServiceCollection services, Action<HermesOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        if (services.All(service => service.ServiceType != typeof(ChatEngine)))
            AddServices(services);

        if (configure is not null)
            services.Configure<HermesOptions>(options => options.ConfigureInCode(configure));

        return new HermesBuilder(services);
    }

    private static void AddServices(IServiceCollection services)
    {
        services.AddOptions<HermesOptions>().ValidateOnStart();
        services.AddSingleton<IConfigureOptions<HermesOptions>, HermesOptionsSetup>();
        services.AddSingleton<IValidateOptions<HermesOptions>, HermesOptionsValidator>();
        services.AddSingleton(provider => provider.Options().Api);
        services.AddSingleton(provider => provider.Options().Chat);

        // By their constructors where these are internal: the container sees public ones alone.
        services.AddLogging();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IFileSystem, FileSystem>();
        services.TryAddSingleton(provider => HermesHome.Resolve(provider.Options().Home));
        services.TryAddSingleton<SessionStore>(provider => new SqliteSessionStore(
            provider.Get<HermesHome>(), provider.Get<TimeProvider>(), provider.Get<ILogger<SqliteSessionStore>>(), provider.Options().Sessions));
        services.AddSingleton<ConfigFile>();
        services.TryAddSingleton(provider => new SafeConfig(provider.Get<ConfigFile>(), provider.Options().Api.ShownConfigKeys));
        services.AddSingleton<HomeVariables>();
        services.TryAddSingleton(provider => new ProviderResolver(provider.Get<ConfigFile>(), provider.Get<HomeVariables>()));
        services.AddSingleton(provider => new KeyDestinations(
            provider.Get<HomeVariables>(), HasAppKey(provider.GetService<IConfiguration>()), provider.Options().Api.ProviderOrigins));
        services.TryAddSingleton(provider => new ConfigWriter(
            provider.Get<HermesHome>(), provider.Get<IFileSystem>(), provider.Get<ConfigFile>(), provider.Get<KeyDestinations>()));
        services.AddSingleton(provider => new ModelDirectory(
            provider.Get<ConfigFile>(), provider.GetService<IModelSource>(), provider.Get<TimeProvider>(), provider.Get<ILogger<ModelDirectory>>()));
        services.TryAddSingleton(provider => new MemoryReader(provider.Get<HermesHome>(), provider.Get<IFileSystem>(), provider.Get<ConfigFile>()));
        services.TryAddSingleton(provider => new MemoryWriter(provider.Get<HermesHome>(), provider.Get<IFileSystem>(), provider.Get<ConfigFile>()));
        services.TryAddSingleton(provider => new SkillCatalog(provider.Get<HermesHome>(), provider.Get<IFileSystem>(), provider.Get<ConfigFile>()));
        services.AddSingleton<SkillFiles>();
        services.AddSingleton<SkillCategories>();
        services.TryAddSingleton(provider => new HomeChanges(
            provider.Get<SessionStore>(), provider.Get<MemoryReader>(), provider.Get<SkillCatalog>(), provider.Get<ConfigFile>(),
            provider.Get<TimeProvider>(), provider.Get<ILogger<HomeChanges>>()));

        services.AddSingleton<ChatEngine>();
        services.AddSingleton<ChatRuns>();
        services.AddSingleton<FailedTurns>();
        services.AddHostedService(provider => provider.Get<ChatEngine>());

        services.AddRouting();
        services.AddSingleton(provider => new AccessRules(provider.Options().Api, provider));
        services.AddSingleton<MatcherPolicy, AccessCheck>();
        services.AddSingleton<HealthEndpoints.Readiness>();
        services.AddSingleton<EventEndpoints.OpenStreams>();
        services.AddSingleton<PageCache>();
        services.AddSingleton<SnapshotAnswers>();
        services.AddSingleton<IdempotentAnswers>();
        services.AddSingleton<SessionAnswers>();
        services.AddSingleton<ModelChoice>();
        services.AddSingleton<ListenGuard>();
        services.AddSingleton<IStartupFilter>(provider => provider.Get<ListenGuard>());
        services.AddHostedService(provider => provider.Get<ListenGuard>());
    }

    // The host's own key goes to the address of config.yaml, unless the host has one of its own.
    private static bool HasAppKey(IConfiguration? configuration) =>
        configuration?.GetSection(ProviderOptions.Section) is { } section
        && !string.IsNullOrWhiteSpace(section[nameof(ProviderOptions.ApiKey)]) && string.IsNullOrWhiteSpace(section[nameof(ProviderOptions.BaseUrl)]);

    private static HermesOptions Options(this IServiceProvider provider) => provider.Get<IOptions<HermesOptions>>().Value;

    private static TService Get<TService>(this IServiceProvider provider) where TService : notnull => provider.GetRequiredService<TService>();

    private sealed record HermesBuilder(IServiceCollection Services) : IHermesBuilder;
}
