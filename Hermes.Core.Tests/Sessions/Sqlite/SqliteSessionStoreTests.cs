using Hermes.Core.Sessions;
using Hermes.Core.Sessions.Sqlite;
using Hermes.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hermes.Core.Tests.Sessions.Sqlite;

public sealed class SqliteSessionStoreTests : SessionStoreSuite
{
    private readonly TemporaryHome _home = new();

    protected override SessionStore CreateEmpty(TimeProvider time) =>
        new SqliteSessionStore(_home.Home, time, NullLogger<SqliteSessionStore>.Instance);

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _home.Dispose();
    }
}
