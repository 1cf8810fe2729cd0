using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Hermes.Core.Hosting;

/// <summary>Fills the options from the application's configuration, where it has one.</summary>
internal sealed class HermesOptionsSetup(IServiceProvider services) : IConfigureOptions<HermesOptions>
{
    public void Configure(HermesOptions options)
    {
        // A bare service collection, as in a unit test, has no configuration, and that is fine.
        if (services.GetService<IConfiguration>()?.GetSection(HermesOptions.Section) is not { } section)
            return;

        section.Bind(options);
        options.Api.CorsOrigins = ListOrText(section.GetSection("Api:CorsOrigins"), options.Api.CorsOrigins);
        options.Api.ShownConfigKeys = ListOrText(section.GetSection("Api:ShownConfigKeys"), options.Api.ShownConfigKeys);
        options.Api.ProviderOrigins = ListOrText(section.GetSection("Api:ProviderOrigins"), options.Api.ProviderOrigins);
        options.Api.AllowedHosts = ListOrText(section.GetSection("Api:AllowedHosts"), options.Api.AllowedHosts);
    }

    // The reference's environment variables are one text with commas; the binder reads lists alone.
    private static IList<string> ListOrText(IConfigurationSection section, IList<string> bound) =>
        section.Value is { } text && !section.GetChildren().Any()
            ? text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            : bound;
}
