using Hermes.Core.Chat;
using Hermes.Core.Http;
using Hermes.Core.Sessions;

namespace Hermes.Core.Hosting;

/// <summary>What an application says of its Hermes home and API: section <c>Hermes</c> of its configuration, or code.</summary>
/// <remarks>Read once, when the first service is made; a later change of the configuration has no effect.</remarks>
public sealed class HermesOptions
{
    /// <summary>The section of the configuration that these options are bound to.</summary>
    public const string Section = "Hermes";
    private bool _isHomeNamed;

    /// <summary>The home's path, <c>~</c> allowed. Null is the environment's <c>HERMES_HOME</c>, else <c>~/.hermes</c>.</summary>
    public string? Home { get; set => (field, _isHomeNamed) = (value, true); }
    /// <summary>How the HTTP API is protected and what it allows.</summary>
    public HermesApiOptions Api { get; set; } = new();
    /// <summary>How chat behaves.</summary>
    public HermesChatOptions Chat { get; set; } = new();
    /// <summary>How sessions are kept and searched.</summary>
    public HermesSessionOptions Sessions { get; set; } = new();
    /// <summary>The homes that calls of <c>AddHermes</c> named, in their order.</summary>
    internal List<string?> HomesInCode { get; } = [];

    /// <summary>Applies the options of one call of <c>AddHermes</c>.</summary>
    internal void ConfigureInCode(Action<HermesOptions> configure)
    {
        _isHomeNamed = false;
        configure(this);
        if (_isHomeNamed)
            HomesInCode.Add(Home);
    }
}
