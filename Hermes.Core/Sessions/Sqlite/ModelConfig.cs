using System.Buffers;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json.Nodes;

namespace Hermes.Core.Sessions.Sqlite;

/// <summary>A session's <c>model_config</c>: a JSON object of the agent's, with marks that say where the session comes from, and what this API knows of it.</summary>
/// <remarks>
/// <para>A prompt that was given through this API is told from those that the Python agent assembled for itself by its SHA-256. A session of source
/// <c>api_server</c> has none of the agent's and needs no mark, unless it is a branch, which has its parent's. The mark stops to count when the agent writes another prompt.</para>
/// <para>What the last turn used is in no column: those are sums over all turns. Its mark names the newest answer that it counts, and is of no use when
/// somebody else has answered since. At worst, when the agent writes the configuration anew, the marks are lost.</para>
/// </remarks>
internal static class ModelConfig
{
    private const string BranchMark = "_branched_from", ModelMark = "_api_model", PromptMark = "_api_system_prompt", TurnMark = "_api_last_turn";
    private const string Tokens = "context_tokens", Model = "model", Answer = "answer";

    // Of a branch none of these is true: it has had no turn yet.
    private static readonly string[] NotOfBranches = ["_reset_from", "_delegate_from", TurnMark];

    /// <summary>The configuration of a session; empty where it has none, or the file has no place for it.</summary>
    public static byte[] Read(Connection connection, long row) => ReadWithSource(connection, row).Config;

    /// <summary>The configuration of a branch. What is no JSON object is left behind.</summary>
    public static byte[] OfBranch(byte[] config, SessionKey source)
    {
        JsonNode id = FieldValue.Text(source.Id).AsText()!;
        return With(config, BranchMark, id, NotOfBranches) ?? With([], BranchMark, id)!;
    }

    /// <summary>The model that turns of this API ask for; empty for the agent's own. A session without it, null, has that of the one which it continues.</summary>
    public static string? FindModel(byte[] config) => FindText(config, ModelMark);

    /// <summary>Notes the model that turns of this API ask for.</summary>
    /// <returns>False where the file has no place for it, or holds a configuration that is no JSON object, which is not to be changed.</returns>
    public static bool TrySetModel(Connection connection, long row, string model) => TryMark(connection, row, ModelMark, model);

    /// <summary>Whether the prompt of a session was given through this API.</summary>
    public static bool IsOwnPrompt(Connection connection, long row, string prompt)
    {
        var (source, config) = ReadWithSource(connection, row);
        return HasOwnPrompts(source, config) || FindText(config, PromptMark) == Hash(prompt);
    }

    /// <summary>Notes that the prompt of a session was given through this API, where its source does not say so already.</summary>
    public static void NoteOwnPrompt(Connection connection, long row, string prompt)
    {
        var (source, config) = ReadWithSource(connection, row);
        if (!HasOwnPrompts(source, config))
            TryMark(connection, row, PromptMark, Hash(prompt));
    }

    /// <summary>Notes what a session's last turn used, where that is known.</summary>
    public static void NoteTurn(Connection connection, SessionKey session, SessionUsage? usage)
    {
        if (usage?.ContextTokens is > 0 and var tokens && FindNewestAnswer(connection, session) is { } answer)
            TryMark(connection, session.Row, TurnMark, new JsonObject { [Model] = usage.Model, [Tokens] = tokens, [Answer] = answer });
    }

    /// <summary>What a session's last turn used; null where that is not known.</summary>
    public static TurnUsage? FindTurn(Connection connection, SessionKey session, byte[] config) =>
        Find(config, TurnMark) is { ValueKind: JsonValueKind.Object } mark
        && Number(mark, Tokens) is { } tokens and > 0
        && Number(mark, Answer) is { } answer && answer == FindNewestAnswer(connection, session)
            ? new TurnUsage(mark.TryGetProperty(Model, out var model) && model.ValueKind is JsonValueKind.String ? model.GetString() : null, tokens)
            : null;

    private static long? Number(JsonElement mark, string name) =>
        mark.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.Number && value.TryGetInt64(out var number) ? number : null;

    private static long? FindNewestAnswer(Connection connection, SessionKey session)
    {
        using var newest = connection.Use(SessionSql.WhichAnswerIsNewest);
        return newest.Bind(1, session.Id).Step() ? newest.Int64(0) : null;
    }

    private static string Hash(string prompt) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(prompt)));
    private static bool HasOwnPrompts(string? source, byte[] config) => source == NewSession.ApiServerSource && FindText(config, BranchMark) is null;

    private static (string? Source, byte[] Config) ReadWithSource(Connection connection, long row)
    {
        using var session = connection.Use(connection.Sql.SourceAndModelConfig);
        return session.Bind(1, row).Step() ? (session.Text(0).AsText(), session.Utf8(1).ToArray()) : (null, []);
    }

    private static bool TryMark(Connection connection, long row, string mark, JsonNode value)
    {
        if (!connection.Sql.Layout.HasSessionColumn("model_config") || With(Read(connection, row), mark, value) is not { } marked) return false;

        connection.Use(SessionSql.SetModelConfig).Bind(1, row).Bind(2, marked).Run();
        return true;
    }

    // All that the configuration holds, with the mark and without some others; null where it is no JSON object.
    private static byte[]? With(byte[] config, string mark, JsonNode value, string[]? without = null)
    {
        var given = Parse(config);
        if (given is null && config.Length > 0) return null;

        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        writer.WriteStartObject();
        foreach (var property in given?.EnumerateObject().Where(property => property.Name != mark && without?.Contains(property.Name) is not true) ?? [])
            property.WriteTo(writer);

        writer.WritePropertyName(mark);
        value.WriteTo(writer);
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    // What is no text is not understood, and empty.
    private static string? FindText(byte[] config, string mark) =>
        Find(config, mark) is { } value ? value.ValueKind is JsonValueKind.String ? value.GetString() : "" : null;

    private static JsonElement? Find(byte[] config, string mark) =>
        Parse(config) is { } given && given.TryGetProperty(mark, out var value) && value.ValueKind is not JsonValueKind.Null ? value : null;

    private static JsonElement? Parse(byte[] config) =>
        StoredJson.IsValid(config) && StoredJson.Parse(config) is { ValueKind: JsonValueKind.Object } given ? given : null;
}
