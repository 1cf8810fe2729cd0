namespace Hermes.Host;

/// <summary>A setting of this host.</summary>
/// <param name="Key">Its key, as on the command line.</param>
/// <param name="Variable">The environment variable in which the Python gateway has it; null where it has none.</param>
/// <param name="Takes">What can be written, for people.</param>
/// <param name="Meaning">What it says, and what holds where it says nothing.</param>
internal sealed record HostSetting(string Key, string? Variable, string Takes, string Meaning)
{
    /// <summary>Whether its elements have keys of their own: <c>Hermes:Api:CorsOrigins:0</c>.</summary>
    public bool IsList { get; init; }

    /// <summary>Whether a key is this setting's, or an element's of it.</summary>
    public bool Covers(string key) =>
        key.Equals(Key, StringComparison.OrdinalIgnoreCase)
        || (IsList && key.StartsWith(Key + ":", StringComparison.OrdinalIgnoreCase) && !key.AsSpan(Key.Length + 1).ContainsAnyExceptInRange('0', '9'));
}

/// <summary>The settings that this host knows: the sections <c>Hermes:…</c> of .NET's configuration, from wherever they come.</summary>
internal static class HostSettings
{
    private const string TrueOrFalse = "true or false";
    private const string Duration = "hours, minutes and seconds, as in 00:00:30";
    private const string Number = "a whole number";

    /// <summary>All of them, in the order in which <c>--help</c> shows them.</summary>
    public static IReadOnlyList<HostSetting> All { get; } =
    [
        new("Hermes:Home", "HERMES_HOME", "a folder", "The home to serve: ~/.hermes"),
        new("Hermes:Api:Host", "API_SERVER_HOST", "an address or a name of this machine", "The address to listen on: 127.0.0.1"),
        new("Hermes:Api:Port", "API_SERVER_PORT", "a number from 0 to 65535", "The port to listen on: 8642"),
        new("Hermes:Api:Key", "API_SERVER_KEY", "a text", "The key of Authorization: Bearer KEY: none, this machine alone"),
        new("Hermes:Api:CorsOrigins", "API_SERVER_CORS_ORIGINS", "origins with commas, as https://ui.example", "Whose pages may call: none") { IsList = true },
        new("Hermes:Api:AllowedHosts", null, "names with commas, as hermes.lan", "Further names of this machine where no key is set: none") { IsList = true },
        new("Hermes:Api:AllowSessionWrites", null, TrueOrFalse, "Sessions may be created, changed and deleted: true"),
        new("Hermes:Api:AllowMemoryWrites", null, TrueOrFalse, "The memory may be changed: false"),
        new("Hermes:Api:AllowConfigWrites", null, TrueOrFalse, "The model in config.yaml may be changed: false"),
        new("Hermes:Api:ShownConfigKeys", null, "keys with commas, as display.theme.*", "Further keys of config.yaml that are shown: none") { IsList = true },
        new("Hermes:Api:ProviderOrigins", null, "origins with commas, as https://models.example", "Where a change may send a key: nowhere new") { IsList = true },
        new("Hermes:Api:ListKeys", null, "Both, Items or Data", "The keys under which lists have their rows: Both"),
        new("Hermes:Sessions:SearchTime", null, Duration, "How long a search takes at most: 00:00:02"),
        new("Hermes:Chat:OnDisconnect", null, "Interrupt or Finish", "A turn whose client goes away: Interrupt"),
        new("Hermes:Chat:DisconnectGrace", null, Duration, "How long its stream may be taken up again: 00:00:30"),
        new("Hermes:Chat:MaxConcurrentTurns", null, Number, "How many turns there may be at once: 10"),
        new("Hermes:Chat:LeaseTimeout", null, Duration, "How long a turn waits for the Python agent's: 00:00:30"),
        new("Hermes:Chat:ShutdownGrace", null, Duration, "How long turns may run on at the end: 00:00:10"),
        new("Hermes:Chat:AllowModelChoice", null, TrueOrFalse, "Clients may choose the model of turns and sessions: false"),
        new("Hermes:Chat:ModelTimeout", null, Duration, "How long the model may say nothing: 00:05:00"),
        new("Hermes:Chat:MaxAnswerLength", null, Number, "The longest answer in characters: 4000000"),
        new("Hermes:Chat:MaxRunBytes", null, Number, "The memory for the events of a turn: 16777216"),
        new("Hermes:Chat:BaseUrl", null, "an address, as https://models.example/v1", "The model provider: that of config.yaml"),
        new("Hermes:Chat:ApiKey", null, "a text", "Its key: that of config.yaml and .env"),
        new("Hermes:Chat:Model", null, "a name", "The model to ask for: that of config.yaml"),
    ];

    /// <summary>The setting of a key, in any case; also of an element of a list.</summary>
    public static HostSetting? Find(string key) => All.FirstOrDefault(setting => setting.Covers(key));

    /// <summary>Refuses keys below <c>Hermes</c> that mean nothing: a slip would else go unnoticed, and what it was to switch on or off would not be.</summary>
    /// <exception cref="HostSettingException">There is one.</exception>
    public static void RefuseUnknown(IConfiguration configuration)
    {
        foreach (var (key, value) in configuration.GetSection("Hermes").AsEnumerable())
        {
            if (value is not null && key.Contains(':') && Find(key) is null)
                throw Unknown(key, key, All.Select(setting => (setting.Key, setting.Key)));
        }
    }

    /// <summary>Says that nothing is called so, and what comes nearest.</summary>
    /// <param name="shown">What was written, without a value, which may be a secret.</param>
    /// <param name="name">The same without dashes.</param>
    /// <param name="known">What there is: names, and how they are written.</param>
    public static HostSettingException Unknown(string shown, string name, IEnumerable<(string Name, string Shown)> known)
    {
        var nearest = NearestName.Find(name.Replace("__", ":", StringComparison.Ordinal), known);
        return new HostSettingException(
            $"'{(shown.Length <= 80 ? shown : $"{shown[..80]}...")}' is no setting and no switch.{(nearest is null ? "" : $" Did you mean {nearest}?")} --help lists them all");
    }
}
