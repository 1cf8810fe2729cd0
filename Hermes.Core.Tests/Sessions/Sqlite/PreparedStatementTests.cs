using Hermes.Core.Sessions;
using Hermes.Core.Sessions.Sqlite;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Hermes.Core.Tests.Sessions.Sqlite;

public sealed class PreparedStatementTests : SqliteStoreTest
{
    private const int Reprepared = 5; // SQLITE_STMTSTATUS_REPREPARE

    [Fact]
    public async Task Statements_UsedWithOtherNumbers_AreNotPreparedAnew()
    {
        var home = EmptyHome();
        var store = Open(home);
        for (var i = 0; i < 5; i++)
        {
            await store.CreateAsync(new NewSession { Id = $"{i}" });
            await store.AppendAsync($"{i}", [User("a"), User("b")]);
        }

        using var connection = Connection.Open(home.Home.StateDatabase, SqliteOpenMode.ReadOnly, FileIdentity.Read(home.Home.StateDatabase));
        connection.Handle.enable_sqlite3_next_stmt(true);
        connection.BeginRead();
        for (var i = 1; i < 5; i++)
        {
            var before = (await store.ListAsync(new SessionQuery { Limit = i })).Next;
            SessionReader.ReadPage(connection, new SessionQuery { Limit = i, Offset = i }, (in _) => { });
            SessionReader.ReadPage(connection, new SessionQuery { Limit = i, Before = before }, (in _) => { });
            var conversation = SessionReader.FindConversation(connection, $"{i}")!;
            SessionReader.ReadMessages(connection, conversation, new MessageQuery { Limit = i, Offset = i }, (in _) => { }, () => false);
            SessionReader.ReadMessages(connection, conversation, new MessageQuery { Limit = i, Latest = true }, (in _) => { }, () => false);
        }

        connection.Commit();

        var statements = 0;
        for (var statement = raw.sqlite3_next_stmt(connection.Handle, null!); statement is not null; statement = raw.sqlite3_next_stmt(connection.Handle, statement))
        {
            statements++;
            Assert.Equal(0, raw.sqlite3_stmt_status(statement, Reprepared, 0));
        }

        Assert.True(statements > 5, $"{statements} statements");
    }
}
