using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Hermes.Core.Hosting;

/// <summary>Fills the options from the application's configuration, where it has one.</summary>
internal sealed class HermesOptionsSetup(IServiceProvider services) : IConfigureOptions<HermesOptions>
{
    public void Configure(HermesOptions options)
    {
        // A bare service collection, as in a unit test, has no configuration, and that is fine.
        if (services.GetService<IConfiguration>()?.GetSection(HermesOptions.Section) is not { } section) return;

        section.Bind(options);
        var api = options.Api;
        api.CorsOrigins = ListOrText(section.GetSection("Api:CorsOrigins"), api.CorsOrigins);
        api.ShownConfigKeys = ListOrText(section.GetSection("Api:ShownConfigKeys"), api.ShownConfigKeys);
        api.ProviderOrigins = ListOrText(section.GetSection("Api:ProviderOrigins"), api.ProviderOrigins);
        api.AllowedHosts = ListOrText(section.GetSection("Api:AllowedHosts"), api.AllowedHosts);
    }

    // The reference's environment variables are one text with commas; the binder reads lists alone.
    private static IList<string> ListOrText(IConfigurationSection section, IList<string> bound) =>
        section.Value is { } text && !section.GetChildren().Any()
            ? text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            : bound;
}
