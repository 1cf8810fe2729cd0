using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using SQLitePCL;

namespace Hermes.Core.Sessions.Sqlite;

/// <summary>The changes, on a connection within a write transaction.</summary>
internal static class SessionWriter
{
    /// <summary>What deleting a session took away, and who stays with an id that goes on where a deleted one ends.</summary>
    public sealed record Deleted(List<string> Ids, List<string> SimilarIds);

    public static Session Create(Connection connection, (NewSession Session, DateTimeOffset Now) request)
    {
        var existing = SessionReader.FindExact(connection, request.Session.Id!);
        return SessionReader.GetSession(connection, existing ?? Insert(connection, request.Session, request.Now));
    }

    public static IReadOnlyList<long> CreateAndAppend(
        Connection connection, (NewSession Session, IReadOnlyList<NewMessage> Messages, DateTimeOffset Now) request)
    {
        var (session, messages, now) = request;
        if (SessionReader.FindExact(connection, session.Id!) is null)
        {
            Insert(connection, session, now);
        }

        return Append(connection, (session.Id!, messages, null, now));
    }

    public static IReadOnlyList<long> Append(
        Connection connection, (string Id, IReadOnlyList<NewMessage> Messages, SessionUsage? Usage, DateTimeOffset Now) request)
    {
        if (SessionReader.FindExact(connection, request.Id) is null)
        {
            throw new SessionNotFoundException();
        }

        var now = UnixTime.ToSeconds(request.Now);
        var said = NotBefore(connection, request.Id, now);
        var ids = new List<long>(request.Messages.Count);
        var toolCalls = 0L;
        foreach (var message in request.Messages)
        {
            ids.Add(Insert(connection, request.Id, message, said));
            toolCalls += CountCalls(message.ToolCalls);
        }

        using var count = connection.Use(connection.Sql.Count);
        count.Bind(1, request.Id)
            .Bind(2, (long)ids.Count)
            .Bind(3, toolCalls)
            .Bind(4, request.Usage?.InputTokens ?? 0)
            .Bind(5, request.Usage?.OutputTokens ?? 0)
            .Bind(6, request.Usage?.Model)
            .Bind(7, now)
            .Run();
        return ids;
    }

    public static Session? Update(Connection connection, (string Id, SessionChange Change, DateTimeOffset Now) request)
    {
        var (id, change, now) = request;
        if (SessionReader.FindExact(connection, id) is not { } row)
        {
            return null;
        }

        TurnLeases.CheckMayChange(connection, id, now);

        if (change.Title is not null)
        {
            SetTitle(connection, id, change.Title.Length == 0 ? null : change.Title);
        }

        if (change.SystemPrompt is not null)
        {
            SetPrompt(connection, id, change.SystemPrompt.Length == 0 ? null : change.SystemPrompt);
            if (change.SystemPrompt.Length > 0)
            {
                OwnPrompt.Note(connection, row, change.SystemPrompt);
            }
        }

        if (change.EndReason is not null)
        {
            using var end = connection.Use(change.EndReason.Length == 0 ? SessionSql.Reopen : SessionSql.EndAnyhow);
            end.Bind(1, id).Bind(2, UnixTime.ToSeconds(now)).Bind(3, change.EndReason).Run();
        }

        return SessionReader.GetSession(connection, row);
    }

    public static Session? End(Connection connection, (string Id, string Reason, DateTimeOffset Now) request)
    {
        if (SessionReader.FindExact(connection, request.Id) is not { } row)
        {
            return null;
        }

        TurnLeases.CheckMayChange(connection, request.Id, request.Now);
        using (var end = connection.Use(SessionSql.EndOnce))
        {
            end.Bind(1, request.Id).Bind(2, UnixTime.ToSeconds(request.Now)).Bind(3, request.Reason).Run();
        }

        return SessionReader.GetSession(connection, row);
    }

    public static Deleted? Delete(Connection connection, (string Id, DateTimeOffset Now) request)
    {
        var (id, now) = request;
        if (SessionReader.FindExact(connection, id) is null)
        {
            return null;
        }

        TurnLeases.CheckMayChange(connection, id, now);

        connection.Execute(SessionSql.CheckForeignKeysAtCommit);
        var doomed = Ids(connection, connection.Sql.Descendants, id, null);
        foreach (var session in doomed)
        {
            Run(connection, SessionSql.DeleteMessages, session);
        }

        foreach (var session in doomed)
        {
            Run(connection, SessionSql.DeleteSession, session);
        }

        // Those that are left over below a deleted session are its branches.
        foreach (var session in doomed)
        {
            Run(connection, SessionSql.DetachChildren, session);
        }

        // What goes on with an underscore sorts from "ID_" up to "ID" and the character after the underscore.
        var similar = doomed.SelectMany(session => Ids(connection, SessionSql.WhichIdsAreWithin, session + "_", session + "`"));
        return new Deleted(doomed, similar.ToList());
    }

    private static void SetTitle(Connection connection, string id, string? title)
    {
        CheckTitle(connection, title, id);
        if (connection.Sql.Layout.HasSessionColumn("title"))
        {
            using var set = connection.Use(connection.Sql.SetTitle);
            set.Bind(1, id).Bind(2, title).Run();
        }
        else if (title is not null)
        {
            // Not a fault of the moment: the request asks for what this file cannot hold, however often it is sent.
            throw new SessionValidationException("The titles of this home cannot be stored: its state.db is of a version without them. Let the Hermes agent open this home once, which updates it.");
        }
    }

    private static void SetPrompt(Connection connection, string id, string? prompt)
    {
        var hash = prompt is not null && connection.Sql.Layout.HasSystemPrompts ? StorePrompt(connection, prompt) : null;
        using var set = connection.Use(connection.Sql.SetPrompt);
        set.Bind(1, id).Bind(2, prompt).Bind(3, hash).Run();
    }

    internal static void CheckTitle(Connection connection, string? title, string id)
    {
        if (title is null || !connection.Sql.Layout.HasSessionColumn("title"))
        {
            return;
        }

        using var other = connection.Use(SessionSql.WhoElseHasTitle);
        if (other.Bind(1, title).Bind(2, id).Step())
        {
            throw SessionTitle.Taken(title, other.Text(0).AsText() ?? "");
        }
    }

    private static string StorePrompt(Connection connection, string prompt)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(prompt)));
        using var store = connection.Use(SessionSql.StorePrompt);
        store.Bind(1, hash).Bind(2, prompt).Run();
        return hash;
    }

    // A clock that was set back would put an answer before its question.
    private static double NotBefore(Connection connection, string id, double now)
    {
        using var newest = connection.Use(SessionSql.WhichTimeIsNewest);
        newest.Bind(1, id).Step();
        return newest.IsNumber(0) ? Math.Max(now, newest.Double(0)) : now;
    }

    /// <returns>The row of the new session.</returns>
    private static long Insert(Connection connection, NewSession session, DateTimeOffset started)
    {
        CheckTitle(connection, session.Title, session.Id!);
        var prompt = session.SystemPrompt;
        var hash = prompt is not null && connection.Sql.Layout.HasSystemPrompts ? StorePrompt(connection, prompt) : null;
        var now = UnixTime.ToSeconds(started);
        using var insert = connection.Use(connection.Sql.InsertSession);
        insert.Bind(1, session.Id)
            .Bind(2, session.Source)
            .Bind(3, session.Model)
            .Bind(4, hash is null ? prompt : null)
            .Bind(5, hash)
            .Bind(6, now)
            .Bind(7, session.Title)
            .Bind(8, session.Title is null ? null : "user")
            .Bind(9, now)
            .Run();
        var row = raw.sqlite3_last_insert_rowid(connection.Handle);
        if (prompt is not null)
        {
            OwnPrompt.Note(connection, row, prompt);
        }

        return row;
    }

    private static long Insert(Connection connection, string sessionId, NewMessage message, double said)
    {
        using var insert = connection.Use(connection.Sql.InsertMessage);
        insert.Bind(1, sessionId)
            .Bind(2, message.Role)
            .Bind(3, StoredContent.Encode(message))
            .Bind(4, message.ToolCallId)
            .Bind(5, message.ToolCalls is { ValueKind: not JsonValueKind.Null } calls ? calls.GetRawText() : null)
            .Bind(6, message.ToolName)
            .Bind(7, message.Timestamp is { } timestamp ? UnixTime.ToSeconds(timestamp) : said);
        if (message.TokenCount is { } tokens)
        {
            insert.Bind(8, tokens);
        }

        insert.Bind(9, message.FinishReason).Bind(10, message.Reasoning).Bind(11, 1L).Step();
        var id = insert.Int64(0);
        insert.Run();
        return id;
    }

    private static long CountCalls(JsonElement? toolCalls) => toolCalls?.ValueKind switch
    {
        null or JsonValueKind.Null => 0,
        JsonValueKind.Array => toolCalls.Value.GetArrayLength(),
        _ => 1,
    };

    private static List<string> Ids(Connection connection, string sql, string first, string? second)
    {
        var ids = new List<string>();
        using var statement = connection.Use(sql);
        statement.Bind(1, first).Bind(2, second);
        while (statement.Step())
        {
            ids.Add(statement.Text(0).AsText()!);
        }

        return ids;
    }

    private static void Run(Connection connection, string sql, string id)
    {
        using var statement = connection.Use(sql);
        statement.Bind(1, id).Run();
    }
}
