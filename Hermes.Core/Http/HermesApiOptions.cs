namespace Hermes.Core.Http;

/// <summary>How the HTTP API is protected and what it allows: section <c>Hermes:Api</c>.</summary>
/// <remarks>In a configuration file or variable each of the lists may also be one text with commas.</remarks>
public sealed class HermesApiOptions
{
    /// <summary>The shortest key with which the API may be reached from other machines.</summary>
    public const int MinimumRemoteKeyLength = 16;

    /// <summary>The key that requests carry as <c>Authorization: Bearer KEY</c>. Null or empty: none is needed, and the API is served on
    /// loopback addresses alone, to requests whose Host is a loopback name or in <see cref="AllowedHosts"/>.</summary>
    public string? Key { get; set; }

    /// <summary>The web origins, such as <c>https://ui.example</c>, whose pages may call the API; compared exactly. <c>*</c> is any origin,
    /// and needs a <see cref="Key"/>.</summary>
    /// <remarks>Endpoints that carry a CORS policy of the application's (<c>RequireCors</c>) follow that one instead.</remarks>
    public IList<string> CorsOrigins { get; set; } = [];

    /// <summary>Host names, without a port, that requests may carry beside the loopback names where no <see cref="Key"/> is set. Others are
    /// refused, so that no web page can reach the API by pointing its own name at this machine (DNS rebinding).</summary>
    public IList<string> AllowedHosts { get; set; } = [];

    /// <summary>Under which keys the lists of sessions, messages and skills have their rows. Both by default, for older and newer clients alike.</summary>
    /// <remarks>A list of more than about 2 MB of messages is read from the store once for each key, so that no more than that is held: a message
    /// that changes meanwhile may differ between the two.</remarks>
    public ListKeys ListKeys { get; set; }
    /// <summary>Whether sessions may be created, changed, forked and deleted. True where nothing is said; false answers 403 to these calls.</summary>
    public bool AllowSessionWrites { get; set; } = true;
    /// <summary>Whether clients may change the agent's memory, which becomes part of its instructions. False by default: they get 403.</summary>
    public bool AllowMemoryWrites { get; set; }

    /// <summary>Whether <c>PATCH /api/config</c> may change <c>model</c>, <c>provider</c> and <c>base_url</c> of config.yaml.</summary>
    /// <remarks>Off by default: whoever sets <c>base_url</c> chooses the machine that conversations are sent to. See <see cref="ProviderOrigins"/> for keys.</remarks>
    public bool AllowConfigWrites { get; set; }

    /// <summary>Further keys of config.yaml whose values <c>GET /api/config</c> shows: names with dots between, <c>*</c> for any name and <c>[]</c>
    /// for the elements of a list, as in <c>display.theme.*</c>. Values of any type are shown, texts without tokens, assignments and credentials.</summary>
    /// <remarks>Only sections that are shown at all can have them, and what has a secret's name stays left out.</remarks>
    public IList<string> ShownConfigKeys { get; set; } = [];

    /// <summary>The origins, such as <c>https://models.example</c>, that a provider's key may be sent to by a change through <c>PATCH
    /// /api/config</c>. A change after which a key would go to any other origin than before is refused with 409.</summary>
    public IList<string> ProviderOrigins { get; set; } = [];
}

/// <summary>The keys under which the lists of <c>/api</c> have their rows. Older clients read <c>items</c>, newer ones <c>data</c>.</summary>
public enum ListKeys
{
    /// <summary>Under both: each answer is about twice as long.</summary>
    Both,
    /// <summary>Under <c>items</c> alone.</summary>
    Items,
    /// <summary>Under <c>data</c> alone.</summary>
    Data,
}
