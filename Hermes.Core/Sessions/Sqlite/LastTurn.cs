namespace Hermes.Core.Sessions.Sqlite;

/// <summary>What the model used in a session's last turn: a mark in its <c>model_config</c>, as no column holds it.</summary>
/// <remarks>
/// The columns of tokens are sums over all turns. The mark names the newest answer that it counts: it is of no use any more when somebody else has
/// answered since, and is lost at worst when the agent writes the configuration anew.
/// </remarks>
internal static class LastTurn
{
    /// <summary>Its name. A branch has had no turn yet, and does not get it.</summary>
    public const string Mark = "_api_last_turn";

    private const string Tokens = "context_tokens";
    private const string Model = "model";
    private const string Answer = "answer";

    /// <summary>Notes what a turn used, where it is known and the file has a place for it.</summary>
    public static void Note(Connection connection, SessionKey session, SessionUsage? usage)
    {
        if (usage?.ContextTokens is not > 0 || !connection.Sql.Layout.HasSessionColumn("model_config") || FindAnswer(connection, session) is not { } answer)
            return;

        var marked = ModelConfig.With(ModelConfig.Read(connection, session.Row), Mark, writer =>
        {
            writer.WriteStartObject();
            writer.WriteString(Model, usage.Model);
            writer.WriteNumber(Tokens, usage.ContextTokens.Value);
            writer.WriteNumber(Answer, answer);
            writer.WriteEndObject();
        });
        if (marked is not null)
            ModelConfig.Write(connection, session.Row, marked);
    }

    /// <summary>What the last turn of a session used; null where that is not known.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="session">The session.</param>
    /// <param name="config">Its configuration.</param>
    public static TurnUsage? Find(Connection connection, SessionKey session, byte[] config) =>
        ModelConfig.FindValue(config, Mark) is { ValueKind: JsonValueKind.Object } mark
        && Number(mark, Tokens) is { } tokens and > 0
        && Number(mark, Answer) is { } answer && answer == FindAnswer(connection, session)
            ? new TurnUsage(mark.TryGetProperty(Model, out var model) && model.ValueKind is JsonValueKind.String ? model.GetString() : null, tokens)
            : null;

    private static long? Number(JsonElement mark, string name) =>
        mark.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.Number && value.TryGetInt64(out var number) ? number : null;

    private static long? FindAnswer(Connection connection, SessionKey session)
    {
        using var newest = connection.Use(SessionSql.WhichAnswerIsNewest);
        return newest.Bind(1, session.Id).Step() ? newest.Int64(0) : null;
    }
}
