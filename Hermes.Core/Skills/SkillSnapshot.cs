using System.Buffers;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Hermes.Core.Skills;

/// <summary>All skills at one moment. Immutable and safe for use from any thread.</summary>
internal sealed class SkillSnapshot
{
    // The body is served as application/json with nosniff, never inside a page, so only what JSON itself demands is escaped.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Dictionary<string, Skill> _byName = new(StringComparer.Ordinal);
    private readonly Lazy<byte[]> _json;
    private readonly Lazy<byte[]> _jsonWithoutContent;
    private readonly Lazy<string> _stamp;

    public SkillSnapshot(IReadOnlyList<Skill> skills)
    {
        Skills = skills;
        foreach (var skill in skills)
            _byName.TryAdd(skill.Name, skill);

        _json = new(() => Render(withContent: true));
        _jsonWithoutContent = new(() => Render(withContent: false));
        _stamp = new(() => Convert.ToHexStringLower(SHA256.HashData(_json.Value).AsSpan(0, 16)));
    }

    /// <summary>The skills in order.</summary>
    public IReadOnlyList<Skill> Skills { get; }

    /// <summary>The list as a UTF-8 JSON object of <c>items</c> and <c>total</c>.</summary>
    public ReadOnlyMemory<byte> Json => _json.Value;

    /// <summary>The same list, without the texts of the files.</summary>
    public ReadOnlyMemory<byte> JsonWithoutContent => _jsonWithoutContent.Value;

    /// <summary>Another value for every other <see cref="Json"/>, also after a restart; letters and digits alone.</summary>
    public string Stamp => _stamp.Value;

    /// <summary>The first skill of this name.</summary>
    public Skill? Find(string name) => _byName.GetValueOrDefault(name);

    private byte[] Render(bool withContent)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            writer.WriteStartObject();
            writer.WriteStartArray("items"u8);
            foreach (var skill in Skills)
                SkillJson.Write(writer, skill, withContent);

            writer.WriteEndArray();
            writer.WriteNumber("total"u8, Skills.Count);
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}
