using Hermes.Core.Sessions;
using Hermes.Core.Sessions.Sqlite;
using Hermes.Core.Tests.Support;

namespace Hermes.Core.Tests.Sessions.Sqlite;

public sealed class DeletingTests : SqliteStoreTest
{
    [Fact]
    public async Task DeleteAsync_Descendants_GoAtAnyDepthAndBranchesAreDetached()
    {
        var home = await HomeAsync(StateDatabaseFiles.Schema6, """
            INSERT INTO sessions(id, source, parent_session_id, model_config, started_at) VALUES
                ('root', 'cli', NULL, NULL, 1), ('child', 'cli', 'root', '{}', 2), ('grandchild', 'cli', 'child', 'not json', 3),
                ('great', 'cli', 'grandchild', NULL, 4), ('branch', 'cli', 'child', '{"_branched_from": "child"}', 5),
                ('of-branch', 'cli', 'branch', NULL, 6), ('other', 'cli', NULL, NULL, 7);
            INSERT INTO messages(session_id, role, content, timestamp) SELECT id, 'user', id, 10 FROM sessions;
            """);
        var store = Open(home);

        Assert.True(await store.DeleteAsync("root"));

        var left = await store.ListAsync(new SessionQuery { IncludeChildren = true });
        Assert.Equal(["other", "of-branch", "branch"], left.Items.Select(s => s.Id));
        Assert.Equal([null, "branch", null], left.Items.Select(s => s.ParentSessionId));
        Assert.Equal("branch", Assert.Single(await ReadAsync(store, "branch")).Content);
        await StateDatabaseFiles.CheckIntegrityAsync(home);
    }

    [Fact]
    public async Task DeleteAsync_SessionsThatAreEachOthersParents_Ends()
    {
        var home = await HomeAsync(StateDatabaseFiles.Schema6, """
            INSERT INTO sessions(id, source, started_at) VALUES ('a', 'cli', 1), ('b', 'cli', 2);
            UPDATE sessions SET parent_session_id = CASE id WHEN 'a' THEN 'b' ELSE 'a' END;
            """);
        var store = Open(home);

        Assert.True(await store.DeleteAsync("a"));

        Assert.Null(await store.FindAsync("b"));
    }

    [Fact]
    public async Task DeleteAsync_TranscriptFiles_GoWithTheirSession()
    {
        var home = EmptyHome();
        var store = Open(home);
        await store.CreateAsync(new NewSession { Id = "a" });
        await store.CreateAsync(new NewSession { Id = "a_b" });
        string[] own = ["a.json", "session_a.json", "a.jsonl", "request_dump_a_20250101_1.json", "request_dump_a_x.json"];
        string[] others = ["sessions.json", "b.json", "ab.json", "a.txt", "request_dump_a_b_1.json", "request_dump_ab_1.json", "request_dump_a.json"];
        foreach (var name in (string[])[.. own, .. others])
        {
            home.Write("sessions/" + name, "");
        }

        await store.DeleteAsync("a");

        Assert.Equal(others.Order(), Directory.GetFiles(home.Home.SessionsFolder).Select(Path.GetFileName).Order());
    }

    [Theory]
    [InlineData("../outside")]
    [InlineData("/etc/x")]
    [InlineData("sub/file")]
    [InlineData("..\\outside")]
    [InlineData("*")]
    [InlineData("?nside")]
    [InlineData("sessions")]
    [InlineData("..")]
    public void TranscriptFiles_CleverIds_ReachNothingElse(string id)
    {
        var home = EmptyHome();
        string[] files = ["outside.json", "sessions/inside.json", "sessions/sessions.json", "sessions/sub/file.json", "sessions/request_dump_x_1.json"];
        foreach (var file in files)
        {
            home.Write(file, "");
        }

        TranscriptFiles.Delete(home.Home.SessionsFolder, id, []);

        Assert.All(files, file => Assert.True(File.Exists(Path.Join(home.Path, file))));
    }
}
