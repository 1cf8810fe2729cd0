using System.Buffers;
using System.Text.Json;

namespace Hermes.Core.Sessions.Sqlite;

/// <summary>A session's <c>model_config</c>: a JSON object of the agent's, in which marks say where a session comes from.</summary>
internal static class ModelConfig
{
    /// <summary>The mark of a branch: the id of the session that it was made from.</summary>
    public const string BranchMark = "_branched_from";

    /// <summary>The other marks that say where a session comes from: of a branch of it they are not true.</summary>
    public static readonly IReadOnlyList<string> OtherOrigins = ["_reset_from", "_delegate_from"];

    /// <summary>The configuration with a mark, and all else that it holds; null where it is no JSON object, which is not to be changed.</summary>
    /// <param name="config">JSON text in UTF-8; empty for none.</param>
    /// <param name="mark">The mark's name.</param>
    /// <param name="value">What it says.</param>
    /// <param name="without">Marks that are left out.</param>
    public static byte[]? With(ReadOnlyMemory<byte> config, string mark, string value, IReadOnlyList<string>? without = null)
    {
        JsonElement? given = config.IsEmpty ? null : Parse(config);
        if (given is null && !config.IsEmpty)
        {
            return null;
        }

        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer, SessionJson.WriterOptions);
        writer.WriteStartObject();
        if (given is { } properties)
        {
            foreach (var property in properties.EnumerateObject().Where(property => !property.NameEquals(mark) && without?.Contains(property.Name) is not true))
            {
                property.WriteTo(writer);
            }
        }

        writer.WriteString(mark, value);
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>What a mark says; null where there is none. What is no text is not understood, and empty.</summary>
    public static string? Find(ReadOnlyMemory<byte> config, string mark) =>
        Parse(config) is { } given && given.TryGetProperty(mark, out var value) && value.ValueKind is not JsonValueKind.Null
            ? value.ValueKind is JsonValueKind.String ? value.GetString() : ""
            : null;

    private static JsonElement? Parse(ReadOnlyMemory<byte> config) =>
        StoredJson.IsValid(config.Span) && StoredJson.Parse(config.Span) is { ValueKind: JsonValueKind.Object } given ? given : null;
}
