using System.IO.Abstractions;
using System.Text.Json;
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
    [
        "model", "provider", "display", "memory", "timezone", "skills", "toolsets", "agent", "tts", "stt", "smart_model_routing", "custom_providers",
    ];

    private readonly ConfigFile _file;
    private readonly KnownKeys _keys;
    private volatile Rendering? _rendering;

    /// <summary>Shows the configuration of a home.</summary>
    /// <param name="home">The home; its <c>config.yaml</c> need not exist.</param>
    /// <param name="fileSystem">Where the home lies.</param>
    public SafeConfig(HermesHome home, IFileSystem fileSystem)
        : this(new ConfigFile(home, fileSystem))
    {
    }

    internal SafeConfig(ConfigFile file, IEnumerable<string>? shownKeys = null)
    {
        _file = file;
        _keys = shownKeys?.ToList() is { Count: > 0 } further ? new KnownKeys(further) : KnownKeys.Default;
    }

    /// <summary>Whether a key is in a section that may be shown.</summary>
    internal static bool IsInSection(string path) => Sections.Contains(path.Trim().Split('.')[0]);

    /// <summary>Reads the sections that may be shown.</summary>
    /// <returns>A JSON object; an empty one where there is no file or nothing in it.</returns>
    /// <exception cref="ConfigUnreadableException">The file is no YAML mapping or cannot be read. The message says where, and holds no secret.</exception>
    public JsonElement Read()
    {
        using var document = JsonDocument.Parse(ReadJson(), new JsonDocumentOptions { MaxDepth = MaxDepth });
        return document.RootElement.GetProperty("config"u8).Clone();
    }

    /// <summary>Reads which model the agent asks, and where, without secrets.</summary>
    /// <exception cref="ConfigUnreadableException">As <see cref="Read"/>.</exception>
    public EffectiveModel ReadEffectiveModel() => EffectiveModel.Show(_file.Read().Root);

    /// <summary>
    /// The sections at the top, and again as <c>config</c>, since clients of either surface look in their own place; and <c>effective</c>.
    /// Rendered once for each change of the file.
    /// </summary>
    /// <exception cref="ConfigUnreadableException">As <see cref="Read"/>.</exception>
    internal byte[] ReadJson()
    {
        var root = _file.Read().Root;
        if (_rendering is not { } rendering || rendering.Source != root)
        {
            rendering = Render(root);
            _rendering = rendering;
        }

        return rendering.Json ?? throw new ConfigUnreadableException(rendering.Fault!);
    }

    private Rendering Render(YamlMapping root)
    {
        try
        {
            return new Rendering(root, Utf8Json.Write(writer => Write(writer, root)).ToArray(), Fault: null);
        }
        catch (ConfigUnreadableException exception)
        {
            // It is not written again while the content stays.
            return new Rendering(root, Json: null, exception.Reason);
        }
    }

    private void Write(Utf8JsonWriter writer, YamlMapping root)
    {
        var view = new ConfigView(root, _keys);
        writer.WriteStartObject();
        WriteSections(writer, view);
        writer.WriteStartObject("config"u8);
        WriteSections(writer, view);
        writer.WriteEndObject();
        var effective = view.Show(EffectiveModel.Resolve(root));
        writer.WriteStartObject("effective"u8);
        writer.WriteString("model"u8, effective.Model);
        writer.WriteString("provider"u8, effective.Provider);
        writer.WriteString("base_url"u8, effective.BaseUrl);
        writer.WriteString("api_mode"u8, effective.ApiMode);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteSections(Utf8JsonWriter writer, ConfigView view)
    {
        foreach (var section in Sections)
        {
            view.WriteSection(writer, section);
        }
    }

    private sealed record Rendering(YamlMapping Source, byte[]? Json, string? Fault);
}
