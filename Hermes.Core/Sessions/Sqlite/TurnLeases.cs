using System.Diagnostics;
using System.Security.Cryptography;

namespace Hermes.Core.Sessions.Sqlite;

/// <summary>Who is at work in a conversation, by the tables that agents share: <c>session_turn_leases</c> and <c>compression_locks</c>.</summary>
/// <remarks>On a connection within a transaction. A row counts for as long as it says, and no longer than the process that its holder
/// names: <c>hermes-dotnet:pid=N:RANDOM</c> is ours, other programs have others. Without such a table nobody can tell, and nobody is at
/// work.</remarks>
internal static class TurnLeases
{
    /// <summary>How long a lease counts unless it is taken again.</summary>
    private const double Seconds = 300;

    private const string WhoAnswers = "SELECT holder, expires_at FROM session_turn_leases WHERE conversation_id = ?1";
    private const string WhoCompresses = "SELECT holder, expires_at FROM compression_locks WHERE session_id = ?1";
    private const string Extend = "UPDATE session_turn_leases SET expires_at = ?3 WHERE conversation_id = ?1 AND holder = ?2";
    private const string Delete = "DELETE FROM session_turn_leases WHERE conversation_id = ?1 AND holder = ?2";
    private const string Forget = "DELETE FROM session_turn_leases WHERE conversation_id = ?1";
    private const string Take = "INSERT INTO session_turn_leases (conversation_id, holder, acquired_at, expires_at) VALUES (?1, ?2, ?4, ?3)";
    private const string ProcessMark = "pid=";

    // The number alone would not do: every container's first process is number 1.
    private static readonly string ThisProcess = string.Create(
        CultureInfo.InvariantCulture, $"hermes-dotnet:{ProcessMark}{Environment.ProcessId}:{RandomNumberGenerator.GetHexString(12, lowercase: true)}");

    /// <summary>A name that nobody has.</summary>
    public static string CreateHolder() => ThisProcess + RandomNumberGenerator.GetHexString(12, lowercase: true);

    /// <summary>Whether somebody else answers in a session's conversation, and whether the file has leases that can be taken.</summary>
    public static (bool IsHeldByOther, bool CanTake) Ask(Connection connection, string sessionId, string holder, DateTimeOffset time)
    {
        var layout = connection.Sql.Layout;
        var isHeld = layout.HasTurnLeases && IsLive(connection, WhoAnswers, ConversationId(connection, sessionId), time, other => other == holder);
        return (isHeld, layout.CanTakeTurnLeases);
    }

    /// <summary>Takes the lease of a session's conversation, or makes the holder's own last longer.</summary>
    public static (bool IsHeldByOther, string? ConversationId) TryTake(Connection connection, string sessionId, string holder, DateTimeOffset time)
    {
        var (isHeld, canTake) = Ask(connection, sessionId, holder, time);
        if (isHeld || !canTake) return (isHeld, null);

        var now = UnixTime.ToSeconds(time);
        var conversation = ConversationId(connection, sessionId);
        if (Change(connection, Extend, conversation, holder, now) == 0)
        {
            Change(connection, Forget, conversation, holder, now);
            Change(connection, Take, conversation, holder, now);
        }

        return (false, conversation);
    }

    /// <summary>Whether a lease that a holder took is its own no more: somebody else has taken it, and perhaps given it back.</summary>
    public static bool IsLost(Connection connection, string conversationId, string holder)
    {
        if (!connection.Sql.Layout.HasTurnLeases) return false;

        using var row = connection.Use(WhoAnswers);
        return !row.Bind(1, conversationId).Step() || row.Text(0).AsText() != holder;
    }

    /// <summary>Deletes a holder's own lease.</summary>
    public static bool Release(Connection connection, string conversationId, string holder) =>
        connection.Sql.Layout.CanTakeTurnLeases && Change(connection, Delete, conversationId, holder, now: 0) > 0;

    /// <summary>Refuses to change a conversation in which another process answers or which one compresses. Our own turns are told when their session goes.</summary>
    /// <exception cref="ConversationBusyException">One does.</exception>
    public static void CheckMayChange(Connection connection, Conversation conversation, DateTimeOffset now)
    {
        var layout = connection.Sql.Layout;
        if (!layout.HasTurnLeases && !layout.HasCompressionLocks) return;

        var ids = conversation.Sessions.Select(session => FieldValue.Text(session.Id).AsText()!).ToList();
        if (layout.HasTurnLeases && IsLive(connection, WhoAnswers, ids[0], now, IsOfThisProcess)) throw ConversationBusyException.Answering();
        if (layout.HasCompressionLocks && ids.Any(id => IsLive(connection, WhoCompresses, id, now, IsOfThisProcess)))
            throw ConversationBusyException.Compressing();

        static bool IsOfThisProcess(string holder) => holder.StartsWith(ThisProcess, StringComparison.Ordinal);
    }

    // Of a session that does not exist yet, its own.
    private static string ConversationId(Connection connection, string sessionId) =>
        SessionReader.FindConversation(connection, sessionId) is { } conversation ? FieldValue.Text(conversation.First.Id).AsText()! : sessionId;

    // What is no time has no end to wait for: it counts for nothing.
    private static bool IsLive(Connection connection, string sql, string id, DateTimeOffset now, Func<string, bool> isOwn)
    {
        using var row = connection.Use(sql);
        if (!row.Bind(1, id).Step() || !row.IsNumber(1) || row.Double(1) <= UnixTime.ToSeconds(now)) return false;

        var holder = row.Text(0).AsText() ?? "";
        return !isOwn(holder) && !IsGone(holder);
    }

    // Whether the name says which process of this machine has it, and there is none of that number.
    private static bool IsGone(string holder)
    {
        var id = holder.Split(':').FirstOrDefault(part => part.StartsWith(ProcessMark, StringComparison.Ordinal)
            && part.Length > ProcessMark.Length && !part.AsSpan(ProcessMark.Length).ContainsAnyExceptInRange('0', '9'));
        if (id is null) return false;

        // No system has so many processes that their numbers need more digits than an integer has.
        if (!int.TryParse(id.AsSpan(ProcessMark.Length), CultureInfo.InvariantCulture, out var number)) return true;

        try
        {
            Process.GetProcessById(number).Dispose();
            return false;
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            // Of the latter kind: it exists, or did a moment ago.
            return e is ArgumentException;
        }
    }

    private static int Change(Connection connection, string sql, string conversation, string holder, double now) =>
        connection.Use(sql).Bind(1, conversation).Bind(2, holder).Bind(3, now + Seconds).Bind(4, now).Run();
}
