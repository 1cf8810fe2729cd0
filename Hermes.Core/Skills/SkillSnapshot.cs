using System.Text.Json;
using Hermes.Core.Rendering;

namespace Hermes.Core.Skills;

/// <summary>All skills at one moment. Immutable and safe for use from any thread.</summary>
internal sealed class SkillSnapshot
{
    private readonly Dictionary<string, Skill> _byName = new(StringComparer.Ordinal);
    private readonly Lazy<RenderedJson> _json;
    private readonly Lazy<RenderedJson> _jsonWithoutContent;

    public SkillSnapshot(IReadOnlyList<Skill> skills)
    {
        Skills = skills;
        foreach (var skill in skills)
        {
            _byName.TryAdd(skill.Name, skill);
        }

        _json = new(() => RenderedJson.Render(writer => Write(writer, withContent: true)));
        _jsonWithoutContent = new(() => RenderedJson.Render(writer => Write(writer, withContent: false)));
    }

    /// <summary>The skills in order.</summary>
    public IReadOnlyList<Skill> Skills { get; }

    /// <summary>The list as a UTF-8 JSON object of <c>items</c> and <c>total</c>.</summary>
    public ReadOnlyMemory<byte> Json => _json.Value.Body;

    /// <summary>The same list, without the texts of the files.</summary>
    public ReadOnlyMemory<byte> JsonWithoutContent => _jsonWithoutContent.Value.Body;

    /// <summary>Another value for every other <see cref="Json"/>, also after a restart; letters and digits alone.</summary>
    public string Stamp => _json.Value.Stamp;

    /// <summary>The first skill of this name.</summary>
    public Skill? Find(string name) => _byName.GetValueOrDefault(name);

    private void Write(Utf8JsonWriter writer, bool withContent)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("items"u8);
        foreach (var skill in Skills)
        {
            SkillJson.Write(writer, skill, withContent);
        }

        writer.WriteEndArray();
        writer.WriteNumber("total"u8, Skills.Count);
        writer.WriteEndObject();
    }
}
