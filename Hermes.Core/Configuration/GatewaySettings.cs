using Hermes.Core.Yaml;

namespace Hermes.Core.Configuration;

/// <summary>The settings of the Python gateway, under the keys that this library reads.</summary>
internal static class GatewaySettings
{
    private static readonly (string Name, string Variable, string Key)[] Settings =
    [
        ("host", "API_SERVER_HOST", "Hermes:Api:Host"),
        ("port", "API_SERVER_PORT", "Hermes:Api:Port"),
        ("key", "API_SERVER_KEY", "Hermes:Api:Key"),
        ("cors_origins", "API_SERVER_CORS_ORIGINS", "Hermes:Api:CorsOrigins"),
    ];

    /// <summary>
    /// Reads the gateway's variables of the process, else of the home's <c>.env</c>, else <c>platforms.api_server</c>, else <c>gateway.api_server</c>
    /// of config.yaml. What none of them says has no key. A file that cannot be read says nothing: the API answers what is wrong with it.
    /// </summary>
    public static Dictionary<string, string?> Read(HermesHome home, IFileSystem fileSystem)
    {
        var variables = ReadVariables(home, fileSystem);
        var config = new ConfigFile(home, fileSystem).ReadOrEmpty();
        var section = Section(config, "platforms") ?? Section(config, "gateway");
        return Settings

            // A variable that is set to nothing says so: API_SERVER_KEY= serves without a key, whatever the files have.
            .Select(setting => KeyValuePair.Create(
                setting.Key,
                Environment.GetEnvironmentVariable(setting.Variable) ?? variables.GetValueOrDefault(setting.Variable) ?? Text(section?[setting.Name])))
            .Where(setting => setting.Value is not null)
            .ToDictionary();
    }

    private static IReadOnlyDictionary<string, string> ReadVariables(HermesHome home, IFileSystem fileSystem)
    {
        try
        {
            return new HomeVariables(home, fileSystem).Read();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new Dictionary<string, string>();
        }
    }

    private static YamlMapping? Section(YamlMapping config, string name) => (config[name] as YamlMapping)?["api_server"] as YamlMapping;

    private static string? Text(object? value) => value switch
    {
        null => null,
        List<object?> list => string.Join(',', list.Select(Text)),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture),
    };
}
