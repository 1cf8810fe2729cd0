using System.Globalization;
using System.Text.Json;

namespace Hermes.Core.Skills;

/// <summary>Writes skills as the HTTP API shows them.</summary>
internal static class SkillJson
{
    /// <summary>Writes a list of skills.</summary>
    /// <param name="writer">Where it goes.</param>
    /// <param name="found">The skills.</param>
    /// <param name="limit">How many of them are shown at most.</param>
    /// <param name="withContent">Whether the files' texts are part of it.</param>
    /// <param name="rowNames">The names under which the skills stand, each with all of them.</param>
    public static void WriteList(Utf8JsonWriter writer, IReadOnlyList<Skill> found, int limit, bool withContent, IReadOnlyList<string> rowNames)
    {
        writer.WriteStartObject();
        writer.WriteString("object"u8, "list"u8);
        foreach (var name in rowNames)
        {
            writer.WriteStartArray(name);
            foreach (var skill in found.Take(limit))
            {
                writer.WriteStartObject();
                WriteProperties(writer, skill, withContent);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        writer.WriteNumber("total"u8, found.Count);
        writer.WriteBoolean("success"u8, true);
        writer.WriteNumber("count"u8, Math.Min(found.Count, limit));
        WriteTexts(writer, "categories", SkillCategories.Names(found));
        writer.WriteEndObject();
    }

    /// <summary>Writes one skill with the files that belong to it.</summary>
    public static void WriteDetail(Utf8JsonWriter writer, Skill skill, SkillFiles files)
    {
        writer.WriteStartObject();
        writer.WriteBoolean("success"u8, true);
        WriteProperties(writer, skill, withContent: true);
        writer.WriteStartObject("linked_files"u8);
        foreach (var folder in SkillFiles.Folders)
        {
            WriteTexts(writer, folder, files.List(skill, folder));
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    /// <summary>Writes one file of a skill.</summary>
    public static void WriteFile(Utf8JsonWriter writer, Skill skill, string path, SkillFileContent file)
    {
        writer.WriteStartObject();
        writer.WriteBoolean("success"u8, true);
        writer.WriteString("name"u8, skill.Name);
        writer.WriteString("file"u8, path);
        writer.WriteString("content"u8, file.IsBinary ? string.Create(CultureInfo.InvariantCulture, $"[Binary file of {file.Size} bytes]") : file.Text);
        writer.WriteString("file_type"u8, Path.GetExtension(path));
        writer.WriteNumber("size"u8, file.Size);
        writer.WriteBoolean("is_binary"u8, file.IsBinary);
        writer.WriteBoolean("is_truncated"u8, file.IsTruncated);
        writer.WriteEndObject();
    }

    /// <summary>Writes the categories.</summary>
    public static void WriteCategories(Utf8JsonWriter writer, IReadOnlyList<SkillCategory> categories)
    {
        writer.WriteStartObject();
        writer.WriteBoolean("success"u8, true);
        writer.WriteStartArray("categories"u8);
        foreach (var category in categories)
        {
            writer.WriteStartObject();
            writer.WriteString("name"u8, category.Name);
            writer.WriteString("description"u8, category.Description);
            writer.WriteNumber("count"u8, category.Count);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteProperties(Utf8JsonWriter writer, Skill skill, bool withContent)
    {
        writer.WriteString("id"u8, skill.Name);
        writer.WriteString("name"u8, skill.Name);
        writer.WriteString("description"u8, skill.Description);
        writer.WriteString("author"u8, skill.Author);
        WriteTexts(writer, "tags", skill.Tags);
        WriteTexts(writer, "triggers", skill.Triggers);
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
    }

    private static void WriteTexts(Utf8JsonWriter writer, string name, IReadOnlyList<string> texts)
    {
        writer.WriteStartArray(name);
        foreach (var text in texts)
        {
            writer.WriteStringValue(text);
        }

        writer.WriteEndArray();
    }
}
