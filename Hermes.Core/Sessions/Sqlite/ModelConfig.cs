using System.Buffers;
using System.Text.Encodings.Web;

namespace Hermes.Core.Sessions.Sqlite;

/// <summary>A session's <c>model_config</c>: a JSON object of the agent's, in which marks say where a session comes from.</summary>
internal static class ModelConfig
{
    /// <summary>The mark of a branch: the id of the session that it was made from.</summary>
    public const string BranchMark = "_branched_from";

    /// <summary>The other marks that say where a session comes from: of a branch of it they are not true.</summary>
    public static readonly IReadOnlyList<string> OtherOrigins = ["_reset_from", "_delegate_from"];

    /// <summary>The model that turns of this API ask for; empty for the agent's own. A session without it has that of the one which it continues.</summary>
    public const string ModelMark = "_api_model";

    /// <summary>The configuration with a mark, and all else that it holds; null where it is no JSON object, which is not to be changed.</summary>
    /// <param name="config">JSON text in UTF-8; empty for none.</param>
    /// <param name="mark">The mark's name.</param>
    /// <param name="value">What it says.</param>
    /// <param name="without">Marks that are left out.</param>
    public static byte[]? With(ReadOnlyMemory<byte> config, string mark, string value, IReadOnlyList<string>? without = null) =>
        With(config, mark, writer => writer.WriteStringValue(value), without);

    /// <summary>The same, with a value of any kind, which <paramref name="write"/> writes.</summary>
    public static byte[]? With(ReadOnlyMemory<byte> config, string mark, Action<Utf8JsonWriter> write, IReadOnlyList<string>? without = null)
    {
        JsonElement? given = config.IsEmpty ? null : Parse(config);
        if (given is null && !config.IsEmpty)
            return null;

        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        writer.WriteStartObject();
        if (given is { } properties)
        {
            foreach (var property in properties.EnumerateObject().Where(property => !property.NameEquals(mark) && without?.Contains(property.Name) is not true))
                property.WriteTo(writer);
        }

        writer.WritePropertyName(mark);
        write(writer);
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>What a mark says; null where there is none. What is no text is not understood, and empty.</summary>
    public static string? Find(ReadOnlyMemory<byte> config, string mark) =>
        FindValue(config, mark) is { } value ? value.ValueKind is JsonValueKind.String ? value.GetString() : "" : null;

    /// <summary>The value of a mark, of whatever kind; null where there is none.</summary>
    public static JsonElement? FindValue(ReadOnlyMemory<byte> config, string mark) =>
        Parse(config) is { } given && given.TryGetProperty(mark, out var value) && value.ValueKind is not JsonValueKind.Null ? value : null;

    /// <summary>Reads that of the session in a row; empty where there is none, or the file has no place for it.</summary>
    public static byte[] Read(Connection connection, long row)
    {
        using var session = connection.Use(connection.Sql.SourceAndModelConfig);
        return session.Bind(1, row).Step() ? session.Utf8(1).ToArray() : [];
    }

    /// <summary>Gives the session in a row another one.</summary>
    public static void Write(Connection connection, long row, byte[] config)
    {
        using var set = connection.Use(SessionSql.SetModelConfig);
        set.Bind(1, row).Bind(2, config).Run();
    }

    private static JsonElement? Parse(ReadOnlyMemory<byte> config) =>
        StoredJson.IsValid(config.Span) && StoredJson.Parse(config.Span) is { ValueKind: JsonValueKind.Object } given ? given : null;
}
