using System.Globalization;
using System.Reflection;
using System.Text;

namespace Hermes.Host;

/// <summary>What the host is asked on its command line.</summary>
internal sealed record CommandLine
{
    private const string HelpSwitch = "--help";
    private const string VersionSwitch = "--version";

    private static readonly string[] Switches = [DemoHome.Switch, HelpSwitch, VersionSwitch];

    // What .NET's own parts read: logging, the server.
    private static readonly string[] OtherKeys = ["environment", "contentRoot", "applicationName", "webroot", "detailedErrors", "shutdownTimeoutSeconds"];
    private static readonly string[] AddressKeys = ["urls", "http_ports", "https_ports"];
    private static readonly string[] OtherSections = ["Logging:", "Kestrel:"];

    private static string Version { get; } =
        typeof(CommandLine).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    /// <summary>Whether a made-up home is to be served.</summary>
    public bool IsDemo { get; private init; }

    /// <summary>What is to be printed instead of serving; null to serve.</summary>
    public string? Print { get; private init; }

    /// <summary>The settings, as .NET's configuration reads them.</summary>
    public required string[] Settings { get; init; }

    /// <summary>Reads the command line.</summary>
    /// <exception cref="HostSettingException">An argument means nothing here: an agent's own home must not be served where a demonstration was meant.</exception>
    public static CommandLine Parse(IReadOnlyList<string> arguments)
    {
        var settings = new List<string>();
        var isDemo = false;
        for (var index = 0; index < arguments.Count; index++)
        {
            var argument = arguments[index];
            switch (argument)
            {
                case DemoHome.Switch:
                    isDemo = true;
                    continue;
                case HelpSwitch or "-h" or "-?" or "/?":
                    return new CommandLine { Settings = [], Print = Help() };
                case VersionSwitch:
                    return new CommandLine { Settings = [], Print = $"Hermes for .NET {Version}" };
            }

            var (name, hasValue) = ReadName(argument);
            if (hasValue && Switches.FirstOrDefault(known => known.TrimStart('-').Equals(name, StringComparison.OrdinalIgnoreCase)) is { } taken)
                throw new HostSettingException($"{taken} takes no value: write {taken} alone");

            if (AddressKeys.Contains(name, StringComparer.OrdinalIgnoreCase))
                throw new HostSettingException($"{argument.Split('=')[0]} is not how this host is told where to listen. Write --Hermes:Api:Host=127.0.0.1 and --Hermes:Api:Port=8642");

            if (!IsKnown(name, argument)) throw HostSettings.Unknown(argument.Split('=')[0], name, Known());

            settings.Add(argument);
            if (!hasValue)
            {
                var value = index + 1 < arguments.Count ? arguments[++index] : null;
                settings.Add(value is null || value.StartsWith("--", StringComparison.Ordinal)
                    ? throw new HostSettingException($"{argument} needs a value: write {argument}=VALUE, with {HostSettings.Find(name)?.Takes ?? "a text"}")
                    : value);
            }
        }

        return new CommandLine { IsDemo = isDemo, Settings = [.. settings] };
    }

    // As .NET reads them: --key=value, --key value, and the same with a slash; key=value.
    private static (string Name, bool HasValue) ReadName(string argument)
    {
        var text = argument.TrimStart('-', '/');
        var equals = text.IndexOf('=');
        return equals < 0 ? (text, false) : (text[..equals], true);
    }

    private static bool IsKnown(string name, string argument)
    {
        var isForm = argument.StartsWith("--", StringComparison.Ordinal) ? argument.Length > 2 && argument[2] != '-'
            : argument.StartsWith('/') || (!argument.StartsWith('-') && argument.Contains('='));
        return isForm
            && (HostSettings.Find(name) is not null
                || OtherKeys.Contains(name, StringComparer.OrdinalIgnoreCase)
                || OtherSections.Any(section => name.StartsWith(section, StringComparison.OrdinalIgnoreCase)));
    }

    private static IEnumerable<(string Name, string Shown)> Known() =>
        Switches
            .Concat(HostSettings.All.Select(setting => $"--{setting.Key}"))
            .Select(shown => (shown[2..], shown));

    private static string Help()
    {
        var help = new StringBuilder($"""
            Hermes for .NET {Version}: serves a Hermes home over HTTP

              --demo       serve a made-up home, which is removed at the end
              --help       show this
              --version    show the version

            Settings, as --Hermes:Api:Port=9000, in appsettings.json, or as a variable: Hermes__Api__Port=9000 or the one named here.
            What holds where nothing is said stands behind the colon.

            """);
        foreach (var setting in HostSettings.All)
        {
            help.Append(CultureInfo.InvariantCulture, $"\n  --{setting.Key,-30} {setting.Meaning}\n");
            help.Append(CultureInfo.InvariantCulture, $"    {setting.Variable ?? "",-30} {setting.Takes}\n");
        }

        return help.ToString().TrimEnd();
    }
}
