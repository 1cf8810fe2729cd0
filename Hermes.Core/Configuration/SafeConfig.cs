using System.Buffers;
using System.IO.Abstractions;
using System.Text.Encodings.Web;
using System.Text.Json;

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
    public JsonElement Read() => Render().Root.Value;

    /// <summary>The same as UTF-8 text.</summary>
    /// <param name="stamp">Changes when the file changes; fit for an entity tag.</param>
    /// <exception cref="ConfigUnreadableException">As <see cref="Read"/>.</exception>
    internal ReadOnlyMemory<byte> ReadUtf8(out string stamp)
    {
        var rendering = Render();
        stamp = rendering.Stamp;
        return rendering.Utf8;
    }

    private Rendering Render()
    {
        var snapshot = _file.Read();
        return _rendering is { } rendering && ReferenceEquals(rendering.Source, snapshot) ? rendering : _rendering = new Rendering(snapshot);
    }

    private sealed class Rendering
    {
        // Deeper than what the loader lets through.
        private const int MaxDepth = 1000;

        public Rendering(ConfigSnapshot source)
        {
            Source = source;
            Stamp = $"{source.Length:x}-{source.Modified.Ticks:x}";
            var buffer = new ArrayBufferWriter<byte>();
            using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = MaxDepth }))
            {
                WriteSections(writer, source);
            }

            Utf8 = buffer.WrittenMemory;
            Root = new Lazy<JsonElement>(() =>
            {
                using var document = JsonDocument.Parse(Utf8, new JsonDocumentOptions { MaxDepth = MaxDepth });
                return document.RootElement.Clone();
            });
        }

        public ConfigSnapshot Source { get; }

        public string Stamp { get; }

        public ReadOnlyMemory<byte> Utf8 { get; }

        public Lazy<JsonElement> Root { get; }

        private static void WriteSections(Utf8JsonWriter writer, ConfigSnapshot source)
        {
            writer.WriteStartObject();
            foreach (var section in Sections)
            {
                if (source.Root.Contains(section))
                {
                    writer.WritePropertyName(section);
                    YamlJson.Write(writer, Redact(section, source.Root[section]));
                }
            }

            writer.WriteEndObject();
        }

        private static object? Redact(string section, object? value) =>
            section == "custom_providers" ? SecretRedactor.RedactProviders(value)
            : SecretRedactor.Redact(value, section == "model" && value is string ? KeyKind.Identifier : KeyKind.Plain);
    }
}
