using Hermes.Core.Sessions;
using Hermes.Core.Tests.Support;

namespace Hermes.Core.Tests.Sessions.Sqlite;

public sealed class DeletingTests : SqliteStoreTest
{
    [Fact]
    public async Task DeleteAsync_Children_RunsGoAtAnyDepthAndAllElseIsDetached()
    {
        var home = await HomeAsync(StateDatabaseFiles.Schema6, """
            INSERT INTO sessions(id, source, parent_session_id, model_config, started_at) VALUES
                ('root', 'cli', NULL, NULL, 1), ('child', 'cli', 'root', '{}', 2), ('run', 'cli', 'root', '{"_delegate_from": "root"}', 3),
                ('run-of-run', 'cli', 'run', '{"_delegate_from": "run"}', 3), ('great', 'cli', 'run-of-run', 'not json', 4), ('branch', 'cli', 'child', '{"_branched_from": "child"}', 5),
                ('of-branch', 'cli', 'branch', NULL, 6), ('other', 'cli', NULL, NULL, 7);
            INSERT INTO messages(session_id, role, content, timestamp) SELECT id, 'user', id, 10 FROM sessions;
            """);
        var store = Open(home);

        Assert.True(await store.DeleteAsync("root"));

        // Nothing says what 'child' is; of the run nothing is left, nor of its own runs.
        var left = await store.ListAsync(new SessionQuery { IncludeChildren = true });
        Assert.Equal(["other", "of-branch", "branch", "great", "child"], left.Items.Select(s => s.Id));
        Assert.Equal([null, "branch", "child", null, null], left.Items.Select(s => s.ParentSessionId));
        Assert.Equal("branch", Assert.Single(await ReadAsync(store, "branch")).Content);
        await StateDatabaseFiles.CheckIntegrityAsync(home);
    }

    [Fact]
    public async Task DeleteAsync_SessionsThatAreEachOthersParents_TakesTheOneThatWasMeant()
    {
        var home = await HomeAsync(StateDatabaseFiles.Schema6, """
            INSERT INTO sessions(id, source, started_at) VALUES ('a', 'cli', 1), ('b', 'cli', 2);
            UPDATE sessions SET parent_session_id = CASE id WHEN 'a' THEN 'b' ELSE 'a' END;
            """);
        var store = Open(home);

        Assert.True(await store.DeleteAsync("a"));

        Assert.Null(await store.FindAsync("a"));
        Assert.Null((await store.FindAsync("b"))!.ParentSessionId);
    }

    [Fact]
    public async Task DeleteAsync_WhatOtherTablesSayOfIt_Goes()
    {
        var home = await HomeAsync(StateDatabaseFiles.SchemaNewer, """
            CREATE TABLE gateway_routing (scope TEXT, session_key TEXT, entry_json TEXT);
            CREATE TABLE conversation_generations (source TEXT, session_key TEXT, generation INTEGER NOT NULL DEFAULT 0);
            ALTER TABLE sessions ADD COLUMN session_key TEXT;
            INSERT INTO system_prompts VALUES ('shared', 'p'), ('own', 'q'), ('nobody', 'r');
            INSERT INTO sessions(id, source, started_at, end_reason, parent_session_id, system_prompt_hash, session_key) VALUES
                ('a', 'telegram', 1, 'compression', NULL, 'own', 'k'), ('b', 'telegram', 2, NULL, 'a', 'shared', 'k'), ('c', 'cli', 3, NULL, NULL, 'shared', NULL);
            INSERT INTO gateway_routing VALUES
                ('s', 'k1', '{"session_id": "b", "name": "x"}'), ('s', 'k2', '{"entry": {"last_session_id": "a"}}'), ('s', 'k3', '{"session_id": "c", "name": "a"}'),
                ('s', 'k4', '{"session_id": "a"'), ('s', 'k5', NULL), ('s', 'k6', x'00'), ('s', 'k7', '"a"');
            INSERT INTO conversation_generations VALUES ('telegram', 'k', 7);
            """);
        var store = Open(home);

        Assert.True(await store.DeleteAsync("b"));

        Assert.Equal("k3,k4,k5,k6,k7 nobody,shared 7\n", await PythonScript.RunAsync(
            """
            import sqlite3, sys
            for row in sqlite3.connect(sys.argv[1]).execute(sys.argv[2]):
                print(*row)
            """,
            home.Home.StateDatabase,
            """
            SELECT (SELECT group_concat(session_key) FROM gateway_routing), (SELECT group_concat(hash) FROM (SELECT hash FROM system_prompts ORDER BY hash)),
                (SELECT generation FROM conversation_generations)
            """));
    }

    [Fact]
    public async Task EndAsync_ReasonOfAReset_BeginsAGeneration()
    {
        var home = await HomeAsync(StateDatabaseFiles.SchemaNewer, """
            CREATE TABLE conversation_generations (source TEXT, session_key TEXT, generation INTEGER NOT NULL DEFAULT 0);
            ALTER TABLE sessions ADD COLUMN session_key TEXT;
            INSERT INTO sessions(id, source, started_at, session_key) VALUES ('a', 'telegram', 1, 'k'), ('b', 'telegram', 2, 'k'), ('c', 'cli', 3, 'k'), ('d', 'telegram', 3, NULL);
            INSERT INTO conversation_generations VALUES ('telegram', 'k', 7), ('telegram', 'other', 1);
            """);
        var store = Open(home);

        await store.EndAsync("a", "session_reset");
        Assert.Equal(8, await GenerationAsync());
        await store.EndAsync("a", "idle");
        await store.UpdateAsync("a", new SessionChange { EndReason = "daily" });
        Assert.Equal(8, await GenerationAsync());
        await store.EndAsync("b", "user_exit");
        await store.EndAsync("b", "session_reset");
        Assert.Equal(8, await GenerationAsync());
        await store.UpdateAsync("b", new SessionChange { EndReason = "new_session" });
        Assert.Equal(9, await GenerationAsync());
        await store.EndAsync("c", "suspended");
        await store.EndAsync("d", "suspended");
        Assert.Equal(9, await GenerationAsync());

        async Task<int> GenerationAsync() => int.Parse(await PythonScript.RunAsync(
            """
            import sqlite3, sys
            print(sqlite3.connect(sys.argv[1]).execute("SELECT generation FROM conversation_generations WHERE session_key = 'k'").fetchone()[0])
            """,
            home.Home.StateDatabase), System.Globalization.CultureInfo.InvariantCulture);
    }

    [Theory]
    [InlineData("file")]
    [InlineData("link to itself")]
    public async Task DeleteAsync_FolderOfTranscriptsThatCannotBeListed_IsStillDeleted(string what)
    {
        var home = EmptyHome();
        var store = Open(home);
        await store.CreateAsync(new NewSession { Id = "a" });
        if (what == "file")
            home.Write("sessions", "a file");
        else
            File.CreateSymbolicLink(home.Home.SessionsFolder, "sessions");

        Assert.True(await store.DeleteAsync("a"));

        Assert.Null(await store.FindAsync("a"));
    }

    [Fact]
    public async Task DeleteAsync_LinksAmongTranscripts_LeadNowhere()
    {
        var home = EmptyHome();
        var store = Open(home);
        await store.CreateAsync(new NewSession { Id = "a" });
        home.Write("outside/kept.json", "");
        home.Write("sessions/b.json", "");
        File.CreateSymbolicLink(Path.Join(home.Home.SessionsFolder, "a.json"), Path.Join(home.Path, "outside", "kept.json"));
        File.CreateSymbolicLink(Path.Join(home.Home.SessionsFolder, "a.jsonl"), Path.Join(home.Path, "outside"));
        File.CreateSymbolicLink(Path.Join(home.Home.SessionsFolder, "session_a.json"), Path.Join(home.Path, "nowhere"));

        Assert.True(await store.DeleteAsync("a"));

        Assert.True(File.Exists(Path.Join(home.Path, "outside", "kept.json")));
        Assert.Equal(["b.json"], Directory.GetFileSystemEntries(home.Home.SessionsFolder).Select(Path.GetFileName));
    }

    [Fact]
    public async Task DeleteAsync_FilesThatMayBeOfAnotherSession_Stay()
    {
        var home = EmptyHome();
        var store = Open(home);
        foreach (var id in (string[])["a", "session_a", "request_dump_b_1", "b"])
            await store.CreateAsync(new NewSession { Id = id });

        string[] files = ["session_a.json", "request_dump_b_1.json", "a.json"];
        foreach (var file in files)
            home.Write("sessions/" + file, "");

        await store.DeleteAsync("a");
        await store.DeleteAsync("request_dump_b_1");

        Assert.Equal(["request_dump_b_1.json", "session_a.json"], Directory.GetFiles(home.Home.SessionsFolder).Select(Path.GetFileName).Order());
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
            home.Write("sessions/" + name, "");

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
    public async Task DeleteAsync_CleverIds_ReachNothingElse(string id)
    {
        var home = await HomeAsync(StateDatabaseFiles.Schema6, $"INSERT INTO sessions(id, source, started_at) VALUES ('{id}', 'cli', 1)");
        string[] files = ["outside.json", "sessions/inside.json", "sessions/sessions.json", "sessions/sub/file.json", "sessions/request_dump_x_1.json"];
        foreach (var file in files)
            home.Write(file, "");

        var store = Open(home);
        Assert.True(await store.DeleteAsync(id));

        Assert.All(files, file => Assert.True(File.Exists(Path.Join(home.Path, file))));
    }
}
