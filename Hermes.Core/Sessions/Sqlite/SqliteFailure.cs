using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Hermes.Core.Sessions.Sqlite;

/// <summary>What SQLite's errors mean to a client. SQLite's own texts stay in the inner exception: they may hold values of the file.</summary>
internal static partial class SqliteFailure
{
    /// <summary>When a client should come back for a lock.</summary>
    public static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    public static bool IsBusy(SqliteException e) => e.SqliteErrorCode is raw.SQLITE_BUSY or raw.SQLITE_LOCKED;
    public static SessionStoreUnavailableException Busy(Exception? inner = null) => new(Reason("another process is writing"), RetryAfter, inner);
    public static SessionStoreUnavailableException Refused(string reason, Exception? inner = null) => new(Reason(reason), inner: inner);

    public static SessionStoreUnavailableException From(SqliteException e) => e switch
    {
        _ when IsBusy(e) => Busy(e),
        { SqliteExtendedErrorCode: raw.SQLITE_CORRUPT_VTAB } => Refused("its search index is damaged", e),
        { SqliteErrorCode: raw.SQLITE_CANTOPEN or raw.SQLITE_PERM } =>
            Refused("it, or a file that it needs beside it, cannot be opened: check the rights of state.db and of the home's folder", e),
        { SqliteErrorCode: raw.SQLITE_READONLY } => Refused("it cannot be written to", e),
        { SqliteErrorCode: raw.SQLITE_FULL } => Refused("the disk is full", e),
        { SqliteErrorCode: raw.SQLITE_CONSTRAINT } => Refused("the file's schema refuses the change", e),
        { SqliteErrorCode: raw.SQLITE_ERROR } when MissingModule().Match(e.Message) is { Success: true } missing =>
            Refused($"its search index needs the {missing.Groups["kind"].Value} \"{missing.Groups["name"].Value}\", which is not loaded here", e),
        _ => new SessionStoreUnavailableException(SessionStoreUnavailableException.Unavailable, inner: e),
    };

    private static string Reason(string reason) => $"{SessionStoreUnavailableException.Unavailable}: {reason}";

    [GeneratedRegex("no such (?<kind>tokenizer|module): (?<name>[A-Za-z0-9_.-]{1,64})")]
    private static partial Regex MissingModule();
}
