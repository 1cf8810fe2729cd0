using System.IO.Abstractions;
using System.Text.Json;
using Hermes.Core.Rendering;
using Hermes.Core.Yaml;

namespace Hermes.Core.Configuration;

/// <summary>The home's <c>config.yaml</c> as clients may see it: known sections alone, without secrets at any depth.</summary>
/// <remarks>
/// <para>Shown are <c>model, provider, display, memory, timezone, skills, toolsets, agent, tts, stt, smart_model_routing</c> and
/// <c>custom_providers</c>, as far as the file has them. Keys that name a secret are left out, with <c>has_api_key: true</c> in place of an
/// API key; elsewhere <c>[redacted]</c> stands where a secret was. <c>${NAME}</c> is shown as written and never expanded.</para>
/// <para>What JSON has no word for: dates are ISO 8601 strings, binary is base64, sets are lists, <c>.inf</c> and <c>.nan</c> are strings, and
/// keys are strings in the way of Python's <c>json</c> (<c>true</c>, <c>null</c>, <c>1.5</c>).</para>
/// <para>The file is read when it changes, by length and time of modification. Safe for use from any thread.</para>
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
    private volatile Rendering? _rendering;

    /// <summary>Shows the configuration of a home.</summary>
    /// <param name="home">The home; its <c>config.yaml</c> need not exist.</param>
    /// <param name="fileSystem">Where the home lies.</param>
    public SafeConfig(HermesHome home, IFileSystem fileSystem)
        : this(new ConfigFile(home, fileSystem))
    {
    }

    internal SafeConfig(ConfigFile file) => _file = file;

    /// <summary>Reads the sections that may be shown.</summary>
    /// <returns>A JSON object; an empty one where there is no file or nothing in it.</returns>
    /// <exception cref="ConfigUnreadableException">The file is no YAML mapping or cannot be read. The message says where, and holds no secret.</exception>
    public JsonElement Read()
    {
        using var document = JsonDocument.Parse(ReadJson().Body, new JsonDocumentOptions { MaxDepth = MaxDepth });
        return document.RootElement.GetProperty("config"u8).Clone();
    }

    /// <summary>Reads which model the agent asks, and where, without secrets.</summary>
    /// <exception cref="ConfigUnreadableException">As <see cref="Read"/>.</exception>
    public EffectiveModel ReadEffectiveModel() => EffectiveModel.Resolve(_file.Read().Root).Redacted();

    /// <summary>
    /// The sections at the top, and again as <c>config</c>, since clients of either surface look in their own place; and <c>effective</c>.
    /// Rendered once for each change of the file.
    /// </summary>
    /// <exception cref="ConfigUnreadableException">As <see cref="Read"/>.</exception>
    internal RenderedJson ReadJson()
    {
        var root = _file.Read().Root;
        if (_rendering is not { } rendering || rendering.Source != root)
        {
            rendering = new Rendering(root, RenderedJson.Render(writer => Write(writer, root)));
            _rendering = rendering;
        }

        return rendering.Json;
    }

    private static void Write(Utf8JsonWriter writer, YamlMapping root)
    {
        writer.WriteStartObject();
        WriteSections(writer, root);
        writer.WriteStartObject("config"u8);
        WriteSections(writer, root);
        writer.WriteEndObject();
        var effective = EffectiveModel.Resolve(root).Redacted();
        writer.WriteStartObject("effective"u8);
        writer.WriteString("model"u8, effective.Model);
        writer.WriteString("provider"u8, effective.Provider);
        writer.WriteString("base_url"u8, effective.BaseUrl);
        writer.WriteString("api_mode"u8, effective.ApiMode);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteSections(Utf8JsonWriter writer, YamlMapping root)
    {
        foreach (var section in Sections)
        {
            if (root.Contains(section))
            {
                writer.WritePropertyName(section);
                YamlJson.Write(writer, Redact(section, root[section]));
            }
        }
    }

    private static object? Redact(string section, object? value) =>
        section == "custom_providers" ? SecretRedactor.RedactProviders(value)
        : SecretRedactor.Redact(value, section == "model" && value is string ? KeyKind.Identifier : KeyKind.Plain);

    private sealed record Rendering(YamlMapping Source, RenderedJson Json);
}
