using Hermes.Core;
using Hermes.Core.Configuration;
using Hermes.Core.IO;
using Hermes.Core.Yaml;
using Microsoft.Extensions.Configuration.Memory;

namespace Microsoft.Extensions.Configuration;

/// <summary>Reads the settings of a Hermes home into an application's configuration.</summary>
public static class HermesConfigurationExtensions
{
    // The keys of the Python gateway, its variables, and the settings of this library.
    private static readonly (string Name, string Variable, string Key)[] Settings =
    [
        ("host", "API_SERVER_HOST", "Hermes:Api:Host"),
        ("port", "API_SERVER_PORT", "Hermes:Api:Port"),
        ("key", "API_SERVER_KEY", "Hermes:Api:Key"),
        ("cors_origins", "API_SERVER_CORS_ORIGINS", "Hermes:Api:CorsOrigins"),
    ];

    /// <summary>Adds the settings that the Python gateway reads, so that an application drops into its place: <c>host</c>, <c>port</c>,
    /// <c>key</c> and <c>cors_origins</c> of <c>platforms.api_server</c> (else <c>gateway.api_server</c>) in the home's config.yaml, over
    /// them the variables <c>API_SERVER_HOST</c>, <c>API_SERVER_PORT</c>, <c>API_SERVER_KEY</c> and <c>API_SERVER_CORS_ORIGINS</c> of the
    /// home's <c>.env</c>, over these the same variables of the process.</summary>
    /// <remarks>They become <c>Hermes:Api:Host</c>, <c>Hermes:Api:Port</c>, <c>Hermes:Api:Key</c> and <c>Hermes:Api:CorsOrigins</c>, of
    /// which <c>AddHermes()</c> reads the last two; to listen on host and port is the application's. They come before all other sources,
    /// whenever this is called: what the application itself says wins. Read once; a file that is missing or unreadable has none.</remarks>
    /// <param name="builder">The application's configuration, such as <c>builder.Configuration</c>.</param>
    /// <param name="home">The home, as <see cref="HermesHome.Resolve"/> finds it.</param>
    /// <returns>The same builder.</returns>
    public static IConfigurationBuilder AddHermesHome(this IConfigurationBuilder builder, HermesHome home)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(home);
        var fileSystem = new FileSystem();

        // A file that cannot be read says nothing: the API answers what is wrong with it.
        var variables = FileErrors.Ignore(new HomeVariables(home, fileSystem).Read, otherwise: new Dictionary<string, string>());
        var config = new ConfigFile(home, fileSystem).ReadOrEmpty();
        var section = Section(config, "platforms") ?? Section(config, "gateway");

        // A variable that is set to nothing says so: API_SERVER_KEY= serves without a key, whatever the files have. What nobody says has no key.
        var settings = Settings
            .Select(setting => (setting.Key, Value: Environment.GetEnvironmentVariable(setting.Variable)
                ?? variables.GetValueOrDefault(setting.Variable) ?? Text(section?[setting.Name])))
            .Where(setting => setting.Value is not null).ToDictionary();
        builder.Sources.Insert(0, new MemoryConfigurationSource { InitialData = settings });
        return builder;
    }

    private static YamlMapping? Section(YamlMapping config, string name) => (config[name] as YamlMapping)?["api_server"] as YamlMapping;

    private static string? Text(object? value) => value switch
    {
        null => null,
        List<object?> list => string.Join(',', list.Select(Text)),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture),
    };
}
