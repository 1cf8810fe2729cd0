using Hermes.Core;
using Hermes.Core.Changes;
using Hermes.Core.Chat;
using Hermes.Core.Configuration;
using Hermes.Core.Hosting;
using Hermes.Core.Http;
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
    /// <summary>
    /// Adds the session store, the readers of memory, skills and configuration, and what <c>app.MapHermesApi()</c> needs.
    /// </summary>
    /// <remarks>
    /// Services that the application registered before (a <c>SessionStore</c>, <c>IFileSystem</c> or <c>TimeProvider</c> of its own)
    /// are kept. Of the application nothing changes: no authentication scheme, policy, middleware or JSON option is added to it.
    /// May be called more than once: the options of all calls apply, in their order. Two calls that name different homes are an
    /// error at start.
    /// </remarks>
    /// <param name="services">The application's services.</param>
    /// <param name="configure">Options in code; they win over the section <c>Hermes</c> of the configuration. Null for none.</param>
    public static IHermesBuilder AddHermes(this IServiceCollection services, Action<HermesOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        if (services.All(service => service.ServiceType != typeof(HermesMarker)))
        {
            services.AddSingleton<HermesMarker>();
            AddOptions(services);
            AddHome(services);
            AddChat(services);
            AddHttp(services);
        }

        if (configure is not null)
            services.Configure<HermesOptions>(options => options.ConfigureInCode(configure));

        return new HermesBuilder(services);
    }

    private static void AddOptions(IServiceCollection services)
    {
        services.AddOptions<HermesOptions>().ValidateOnStart();
        services.AddSingleton<IConfigureOptions<HermesOptions>, HermesOptionsSetup>();
        services.AddSingleton<IValidateOptions<HermesOptions>, HermesOptionsValidator>();
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<HermesOptions>>().Value.Api);
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<HermesOptions>>().Value.Chat);
    }

    private static void AddHome(IServiceCollection services)
    {
        services.AddLogging();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IFileSystem, FileSystem>();
        services.TryAddSingleton(provider => HermesHome.Resolve(provider.GetRequiredService<IOptions<HermesOptions>>().Value.Home));
        services.TryAddSingleton<SessionStore>(provider => new SqliteSessionStore(
            provider.GetRequiredService<HermesHome>(), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<SqliteSessionStore>>(),
            provider.GetRequiredService<IOptions<HermesOptions>>().Value.Sessions));
        services.AddSingleton<ConfigFile>();
        services.TryAddSingleton(provider => new SafeConfig(
            provider.GetRequiredService<ConfigFile>(), provider.GetRequiredService<HermesApiOptions>().ShownConfigKeys));
        services.AddSingleton<HomeVariables>();
        services.TryAddSingleton(provider => new ProviderResolver(provider.GetRequiredService<ConfigFile>(), provider.GetRequiredService<HomeVariables>()));
        services.AddSingleton(provider => new KeyDestinations(
            provider.GetRequiredService<HomeVariables>(),
            HasAppKey(provider.GetService<IConfiguration>()), provider.GetRequiredService<HermesApiOptions>().ProviderOrigins));
        services.TryAddSingleton(provider => new ConfigWriter(
            provider.GetRequiredService<HermesHome>(), provider.GetRequiredService<IFileSystem>(),
            provider.GetRequiredService<ConfigFile>(), provider.GetRequiredService<KeyDestinations>()));
        services.AddSingleton(provider => new ModelDirectory(
            provider.GetRequiredService<ConfigFile>(), provider.GetService<IModelSource>(),
            provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<ModelDirectory>>()));
        services.TryAddSingleton(provider => new MemoryReader(
            provider.GetRequiredService<HermesHome>(), provider.GetRequiredService<IFileSystem>(), provider.GetRequiredService<ConfigFile>()));
        services.TryAddSingleton(provider => new MemoryWriter(
            provider.GetRequiredService<HermesHome>(), provider.GetRequiredService<IFileSystem>(), provider.GetRequiredService<ConfigFile>()));
        services.TryAddSingleton(provider => new SkillCatalog(
            provider.GetRequiredService<HermesHome>(), provider.GetRequiredService<IFileSystem>(), provider.GetRequiredService<ConfigFile>()));
        services.AddSingleton<OpenEventStreams>();
        services.AddSingleton<SkillFiles>();
        services.AddSingleton<SkillCategories>();
        services.TryAddSingleton(provider => new HomeChanges(
            new HomeProbe(
                provider.GetRequiredService<SessionStore>(), provider.GetRequiredService<MemoryReader>(),
                provider.GetRequiredService<SkillCatalog>(), provider.GetRequiredService<ConfigFile>()),
            provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<HomeChanges>>()));
    }

    // The host's own key goes to the address of config.yaml, unless the host has one of its own.
    private static bool HasAppKey(IConfiguration? configuration) =>
        !string.IsNullOrWhiteSpace(configuration?[$"{ProviderOptions.Section}:{nameof(ProviderOptions.ApiKey)}"]) && string.IsNullOrWhiteSpace(configuration[$"{ProviderOptions.Section}:{nameof(ProviderOptions.BaseUrl)}"]);

    private static void AddChat(IServiceCollection services)
    {
        services.AddSingleton<ChatEngine>();
        services.AddSingleton<ChatRuns>();
        services.AddSingleton<FailedTurns>();
        services.AddHostedService(provider => provider.GetRequiredService<ChatEngine>());
    }

    private static void AddHttp(IServiceCollection services)
    {
        services.AddRouting();

        services.AddSingleton(provider => new AccessRules(provider.GetRequiredService<HermesApiOptions>(), provider));
        services.AddSingleton<Readiness>();
        services.AddSingleton<MatcherPolicy, AccessCheck>();
        services.AddSingleton<ErrorFilter>();
        services.AddSingleton<PageCache>();
        services.AddSingleton<SnapshotAnswers>();
        services.AddSingleton<IdempotentAnswers>();
        services.AddSingleton<SessionAnswers>();
        services.AddSingleton<ModelChoice>();
        services.AddSingleton<ListenGuard>();
        services.AddSingleton<IStartupFilter>(provider => provider.GetRequiredService<ListenGuard>());
        services.AddHostedService(provider => provider.GetRequiredService<ListenGuard>());
    }

    private sealed class HermesMarker;

    private sealed class HermesBuilder(IServiceCollection services) : IHermesBuilder
    {
        public IServiceCollection Services => services;
    }
}
