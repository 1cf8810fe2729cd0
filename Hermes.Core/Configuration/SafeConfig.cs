using Hermes.Core.Text;
using Hermes.Core.Yaml;

namespace Hermes.Core.Configuration;

/// <summary>The home's <c>config.yaml</c> as clients may see it: of known sections, what is known to be harmless.</summary>
/// <remarks>
/// <para>Shown are <c>model, provider, display, memory, timezone, skills, toolsets, agent, tts, stt, smart_model_routing</c> and
/// <c>custom_providers</c>, as far as the file has them; in these, booleans, and values of known keys that have the key's type: numbers, short
/// names, addresses without user info and query, free text without tokens and credentials. Everything else is <c>[hidden]</c>. Keys that name a
/// secret are left out, with <c>has_api_key: true</c> in place of an API key, and what stands under one anywhere in the file is shown nowhere.
/// <c>${NAME}</c> is shown as written and never expanded. <see cref="Http.HermesApiOptions.ShownConfigKeys"/> adds keys.</para>
/// <para>Dates are ISO 8601 strings, sets are lists, <c>.inf</c> and <c>.nan</c> are strings, and keys are strings in the way of Python's
/// <c>json</c> (<c>true</c>, <c>null</c>, <c>1.5</c>).</para>
/// <para>The file is read when it changes. Safe for use from any thread.</para>
/// </remarks>
public sealed class SafeConfig
{
    // Deeper than what the loader lets through.
    private const int MaxDepth = 1000;

    private static readonly string[] Sections =
        ["model", "provider", "display", "memory", "timezone", "skills", "toolsets", "agent", "tts", "stt", "smart_model_routing", "custom_providers"];

    private readonly ConfigFile _file;
    private readonly KnownKeys _keys;
    private volatile View? _view;

    /// <summary>Shows the configuration of a home.</summary>
    /// <param name="home">The home; its <c>config.yaml</c> need not exist.</param>
    /// <param name="fileSystem">Where the home lies.</param>
    public SafeConfig(HermesHome home, IFileSystem fileSystem)
        : this(new ConfigFile(home, fileSystem), shownKeys: []) { }

    internal SafeConfig(ConfigFile file, IEnumerable<string> shownKeys) => (_file, _keys) = (file, new(shownKeys));

    /// <summary>Whether a key is in a section that may be shown.</summary>
    internal static bool IsInSection(string path) => Sections.Contains(path.Trim().Split('.')[0]);

    /// <summary>Reads the sections that may be shown.</summary>
    /// <returns>A JSON object; an empty one where there is no file or nothing in it.</returns>
    /// <exception cref="ConfigUnreadableException">The file is no YAML mapping or cannot be read. The message says where, and holds no secret.</exception>
    public JsonElement Read() => ReadShown().Sections;

    /// <summary>Reads which model the agent asks, and where, without secrets.</summary>
    /// <exception cref="ConfigUnreadableException">As <see cref="Read"/>.</exception>
    public EffectiveModel ReadEffectiveModel() => new ConfigView(_file.Read().Root).ShowEffectiveModel();

    /// <summary>Reads the sections that may be shown, and which model is in effect.</summary>
    /// <returns>The same object as before where the file did not change.</returns>
    /// <exception cref="ConfigUnreadableException">As <see cref="Read"/>.</exception>
    internal Shown ReadShown()
    {
        // What cannot be shown is not made again either while the content stays.
        var root = _file.Read().Root;
        if (_view is not { } view || view.Source != root)
            _view = view = new(root, new(() => Show(root)));

        return view.Shown.Value;
    }

    private Shown Show(YamlMapping root)
    {
        var view = new ConfigView(root);
        var json = Utf8Json.Write(writer =>
        {
            writer.WriteStartObject();
            foreach (var section in Sections)
                view.WriteSection(writer, section, _keys);

            writer.WriteEndObject();
        });
        return new(JsonElement.Parse(json.Span, new JsonDocumentOptions { MaxDepth = MaxDepth }), view.ShowEffectiveModel());
    }

    /// <summary>What of a configuration may be shown: its sections by name, and which model the agent asks, and where. Immutable.</summary>
    internal sealed record Shown(JsonElement Sections, EffectiveModel Effective);

    private sealed record View(YamlMapping Source, Lazy<Shown> Shown);
}
