using System.Text.Json;

namespace Hermes.Core.Skills;

/// <summary>Writes skills as the HTTP API shows them.</summary>
internal static class SkillJson
{
    /// <summary>Writes one skill as an object.</summary>
    /// <param name="writer">Where it goes.</param>
    /// <param name="skill">The skill.</param>
    /// <param name="withContent">Whether the file's text is part of it.</param>
    public static void Write(Utf8JsonWriter writer, Skill skill, bool withContent)
    {
        writer.WriteStartObject();
        writer.WriteString("id"u8, skill.Name);
        writer.WriteString("name"u8, skill.Name);
        writer.WriteString("description"u8, skill.Description);
        writer.WriteString("author"u8, skill.Author);
        WriteTexts(writer, "tags"u8, skill.Tags);
        WriteTexts(writer, "triggers"u8, skill.Triggers);
        writer.WriteString("category"u8, skill.Category);
        writer.WriteBoolean("installed"u8, true);
        writer.WriteBoolean("enabled"u8, skill.Enabled);
        writer.WriteString("sourcePath"u8, skill.SourcePath);
        if (withContent)
        {
            writer.WriteString("content"u8, skill.Content);
        }

        if (skill.Problem is not null)
        {
            writer.WriteString("problem"u8, skill.Problem);
        }

        writer.WriteEndObject();
    }

    private static void WriteTexts(Utf8JsonWriter writer, ReadOnlySpan<byte> name, IReadOnlyList<string> texts)
    {
        writer.WriteStartArray(name);
        foreach (var text in texts)
        {
            writer.WriteStringValue(text);
        }

        writer.WriteEndArray();
    }
}
