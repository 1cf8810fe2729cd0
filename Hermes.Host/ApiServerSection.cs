using System.Globalization;
using System.IO.Abstractions;
using Hermes.Core;
using Hermes.Core.IO;
using Hermes.Core.Yaml;

namespace Hermes.Host;

/// <summary>The gateway's own section of config.yaml: <c>platforms.api_server</c>, else <c>gateway.api_server</c>.</summary>
internal static class ApiServerSection
{
    /// <summary>Reads the section as settings of this host. A file that is missing or broken has none: the API says what is wrong with it.</summary>
    public static IReadOnlyList<KeyValuePair<string, string?>> Read(HermesHome home)
    {
        object? root;
        try
        {
            // A pipe or a device has no length, and might never end.
            root = FileStatus.FindFile(new FileSystem(), home.ConfigFile) is { Length: > 0 } ? YamlLoader.Load(File.ReadAllText(home.ConfigFile)) : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or YamlLoadException)
        {
            return [];
        }

        var config = root as YamlMapping;
        var section = (config?["platforms"] as YamlMapping)?["api_server"] as YamlMapping
            ?? (config?["gateway"] as YamlMapping)?["api_server"] as YamlMapping;
        return section is null
            ? []
            :
            [
                new("Hermes:Api:Host", Text(section["host"])),
                new("Hermes:Api:Port", Text(section["port"])),
                new("Hermes:Api:Key", Text(section["key"])),
                new("Hermes:Api:CorsOrigins", section["cors_origins"] is List<object?> origins ? string.Join(',', origins.Select(Text)) : Text(section["cors_origins"])),
            ];
    }

    private static string? Text(object? value) => Convert.ToString(value, CultureInfo.InvariantCulture);
}
