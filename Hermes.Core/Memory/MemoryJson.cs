using System.Text.Json;

namespace Hermes.Core.Memory;

/// <summary>Writes memory as the HTTP API shows it.</summary>
internal static class MemoryJson
{
    /// <summary>A memory's name in requests and answers.</summary>
    public static string Name(MemoryTarget target) => target is MemoryTarget.User ? "user" : "memory";

    /// <summary>Writes the list of memories as a property.</summary>
    public static void WriteTargets(Utf8JsonWriter writer, params ReadOnlySpan<MemoryDocument> documents)
    {
        writer.WriteStartArray("targets"u8);
        foreach (var document in documents)
        {
            writer.WriteStartObject();
            WriteDocument(writer, document);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    /// <summary>Writes what a write came to.</summary>
    public static void Write(Utf8JsonWriter writer, MemoryWriteResult result)
    {
        writer.WriteStartObject();
        writer.WriteBoolean("success"u8, true);
        WriteDocument(writer, result.Document);
        writer.WriteString("message"u8, result.Message);
        writer.WriteEndObject();
    }

    /// <summary>Writes why a write was refused, with what helps to write it otherwise.</summary>
    public static void Write(Utf8JsonWriter writer, MemoryRejectedException rejected)
    {
        writer.WriteStartObject();
        writer.WriteBoolean("success"u8, false);
        writer.WriteString("error"u8, rejected.Message);
        if (rejected.Current is { } current)
        {
            WriteTexts(writer, "current_entries"u8, current.Entries);
            writer.WriteString("usage"u8, current.Usage);
        }

        if (rejected.Matches.Count > 0)
        {
            WriteTexts(writer, "matches"u8, rejected.Matches);
        }

        writer.WriteEndObject();
    }

    private static void WriteDocument(Utf8JsonWriter writer, MemoryDocument document)
    {
        writer.WriteString("target"u8, Name(document.Target));
        WriteTexts(writer, "entries"u8, document.Entries);
        writer.WriteString("usage"u8, document.Usage);
        writer.WriteNumber("entry_count"u8, document.Entries.Count);
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
