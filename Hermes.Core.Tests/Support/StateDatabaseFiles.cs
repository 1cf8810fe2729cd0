using Hermes.Testing;

namespace Hermes.Core.Tests.Support;

/// <summary>State databases as other agents leave them, made by Python's SQLite as theirs are.</summary>
internal static class StateDatabaseFiles
{
    /// <summary>Makes a home whose state.db is the result of this SQL.</summary>
    public static async Task<TemporaryHome> CreateHomeAsync(params string[] sql)
    {
        var home = new TemporaryHome();
        await PythonScript.RunSqlAsync(home.Home.StateDatabase, "PRAGMA journal_mode=WAL; BEGIN;" + string.Join(";\n", sql) + "; COMMIT;");
        return home;
    }

    /// <summary>Everything that a migration would change: the schema with its version, and all rows, as text.</summary>
    public static Task<string> DumpAsync(TemporaryHome home) => PythonScript.RunAsync(
        """
        import sqlite3, sys
        db = sqlite3.connect(sys.argv[1])
        db.text_factory = bytes
        print(db.execute("PRAGMA schema_version").fetchall(), db.execute("PRAGMA user_version").fetchall(), db.execute("PRAGMA journal_mode").fetchall())
        master = db.execute("SELECT type, name, sql FROM sqlite_master ORDER BY name").fetchall()
        print(master)
        for kind, name, _ in master:
            if kind == b"table":
                try:
                    print(name, db.execute(f"SELECT * FROM {name.decode()} ORDER BY 1").fetchall())
                except sqlite3.OperationalError as e:
                    print(name, e)
        """,
        home.Home.StateDatabase);

    /// <summary>Checks tables and search index.</summary>
    public static Task CheckIntegrityAsync(TemporaryHome home) => PythonScript.RunAsync(
        """
        import sqlite3, sys
        db = sqlite3.connect(sys.argv[1])
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
        db.execute("INSERT INTO messages_fts(messages_fts) VALUES('integrity-check')")
        """,
        home.Home.StateDatabase);

    /// <summary>The tables of version 1: no titles, no finish reason, no reasoning.</summary>
    public const string Schema1 = """
        CREATE TABLE schema_version (version INTEGER NOT NULL);
        INSERT INTO schema_version VALUES (1);
        CREATE TABLE sessions (
            id TEXT PRIMARY KEY, source TEXT NOT NULL, user_id TEXT, model TEXT, model_config TEXT, system_prompt TEXT,
            parent_session_id TEXT, started_at REAL NOT NULL, ended_at REAL, end_reason TEXT,
            message_count INTEGER DEFAULT 0, tool_call_count INTEGER DEFAULT 0,
            input_tokens INTEGER DEFAULT 0, output_tokens INTEGER DEFAULT 0,
            FOREIGN KEY (parent_session_id) REFERENCES sessions(id));
        CREATE TABLE messages (
            id INTEGER PRIMARY KEY AUTOINCREMENT, session_id TEXT NOT NULL REFERENCES sessions(id), role TEXT NOT NULL,
            content TEXT, tool_call_id TEXT, tool_calls TEXT, tool_name TEXT, timestamp REAL NOT NULL, token_count INTEGER);
        """ + Indexes + ExternalIndex;

    /// <summary>The tables of version 6, which the store creates itself.</summary>
    public const string Schema6 = "CREATE TABLE schema_version (version INTEGER NOT NULL); INSERT INTO schema_version VALUES (6);"
        + Sessions6 + ");" + Messages6 + ");" + Indexes + TitleIndex + ExternalIndex;

    /// <summary>The tables of version 13: more columns, and search indexes that hold their own text.</summary>
    public const string Schema13 = "CREATE TABLE schema_version (version INTEGER NOT NULL); INSERT INTO schema_version VALUES (13);"
        + Sessions6 + ", api_call_count INTEGER DEFAULT 0, handoff_state TEXT);"
        + Messages6 + ", reasoning_content TEXT, codex_message_items TEXT, platform_message_id TEXT, observed INTEGER DEFAULT 0);"
        + Indexes + TitleIndex + """
        CREATE TABLE state_meta (key TEXT PRIMARY KEY, value TEXT);
        CREATE VIRTUAL TABLE messages_fts USING fts5(content);
        CREATE TRIGGER messages_fts_insert AFTER INSERT ON messages BEGIN
            INSERT INTO messages_fts(rowid, content) VALUES (new.id, COALESCE(new.content, '') || ' ' || COALESCE(new.tool_calls, ''));
        END;
        CREATE TRIGGER messages_fts_delete AFTER DELETE ON messages BEGIN DELETE FROM messages_fts WHERE rowid = old.id; END;
        CREATE VIRTUAL TABLE messages_fts_trigram USING fts5(content, tokenize='trigram');
        CREATE TRIGGER messages_fts_trigram_insert AFTER INSERT ON messages BEGIN
            INSERT INTO messages_fts_trigram(rowid, content) VALUES (new.id, COALESCE(new.content, ''));
        END;
        CREATE TRIGGER messages_fts_trigram_delete AFTER DELETE ON messages BEGIN
            DELETE FROM messages_fts_trigram WHERE rowid = old.id;
        END;
        """;

    /// <summary>A version of the future: prompts apart, flags on sessions and messages, an index of three columns over a view.</summary>
    public const string SchemaNewer = "CREATE TABLE schema_version (version INTEGER NOT NULL); INSERT INTO schema_version VALUES (29);"
        + Sessions6 + """
        , system_prompt_hash TEXT, title_source TEXT, hidden INTEGER DEFAULT 0, archived INTEGER DEFAULT 0,
            pinned INTEGER DEFAULT 0, last_activity_at REAL, mood TEXT NOT NULL DEFAULT 'calm');
        CREATE TABLE system_prompts (hash TEXT PRIMARY KEY, prompt TEXT NOT NULL);
        """ + Messages6 + """
        , platform_message_id TEXT, observed INTEGER DEFAULT 0, active INTEGER NOT NULL DEFAULT 1, compacted INTEGER NOT NULL DEFAULT 0,
            weather TEXT);
        """ + Indexes + TitleIndex + """
        CREATE VIEW messages_fts_source AS
            SELECT id, COALESCE(content, '') AS content, COALESCE(tool_name, '') AS tool_name, COALESCE(tool_calls, '') AS tool_calls FROM messages;
        CREATE VIRTUAL TABLE messages_fts USING fts5(
            content, tool_name, tool_calls, content=messages_fts_source, content_rowid=id);
        CREATE TRIGGER messages_fts_insert AFTER INSERT ON messages BEGIN
            INSERT INTO messages_fts(rowid, content, tool_name, tool_calls)
            VALUES (new.id, COALESCE(new.content, ''), COALESCE(new.tool_name, ''), COALESCE(new.tool_calls, ''));
        END;
        CREATE TRIGGER messages_fts_delete AFTER DELETE ON messages BEGIN
            INSERT INTO messages_fts(messages_fts, rowid, content, tool_name, tool_calls)
            VALUES ('delete', old.id, COALESCE(old.content, ''), COALESCE(old.tool_name, ''), COALESCE(old.tool_calls, ''));
        END;
        """;

    /// <summary>Version 30: as <see cref="SchemaNewer"/>, with the time at which a session was read.</summary>
    public const string Schema30 = SchemaNewer + """
        ALTER TABLE sessions ADD COLUMN last_read_at REAL;
        UPDATE schema_version SET version = 30;
        """;

    /// <summary>The tables of version 6 with nothing to search by.</summary>
    public const string SchemaWithoutIndex = Sessions6 + ");" + Messages6 + ");" + Indexes + TitleIndex;

    /// <summary>A version that has trigrams over a view too, which leaves out what tools said.</summary>
    public const string SchemaPartialTrigrams = SchemaNewer + """
        CREATE VIEW messages_fts_trigram_source AS SELECT id, COALESCE(content, '') AS content FROM messages WHERE role <> 'tool';
        CREATE VIRTUAL TABLE messages_fts_trigram USING fts5(
            content, content='messages_fts_trigram_source', content_rowid='id', tokenize='trigram');
        CREATE TRIGGER messages_fts_trigram_insert AFTER INSERT ON messages WHEN new.role <> 'tool' BEGIN
            INSERT INTO messages_fts_trigram(rowid, content) VALUES (new.id, COALESCE(new.content, ''));
        END;
        """;

    private const string Sessions6 = """
        CREATE TABLE sessions (
            id TEXT PRIMARY KEY, source TEXT NOT NULL, user_id TEXT, model TEXT, model_config TEXT, system_prompt TEXT,
            parent_session_id TEXT REFERENCES sessions(id), started_at REAL NOT NULL, ended_at REAL, end_reason TEXT,
            message_count INTEGER DEFAULT 0, tool_call_count INTEGER DEFAULT 0,
            input_tokens INTEGER DEFAULT 0, output_tokens INTEGER DEFAULT 0, title TEXT
        """;

    private const string Messages6 = """
        CREATE TABLE messages (
            id INTEGER PRIMARY KEY AUTOINCREMENT, session_id TEXT NOT NULL REFERENCES sessions(id), role TEXT NOT NULL,
            content TEXT, tool_call_id TEXT, tool_calls TEXT, tool_name TEXT, timestamp REAL NOT NULL, token_count INTEGER,
            finish_reason TEXT, reasoning TEXT, reasoning_details TEXT, codex_reasoning_items TEXT
        """;

    private const string Indexes = """
        CREATE INDEX idx_sessions_source ON sessions(source);
        CREATE INDEX idx_sessions_parent ON sessions(parent_session_id);
        CREATE INDEX idx_sessions_started ON sessions(started_at DESC);
        CREATE INDEX idx_messages_session ON messages(session_id, timestamp);
        """;

    private const string TitleIndex = "CREATE UNIQUE INDEX idx_sessions_title_unique ON sessions(title) WHERE title IS NOT NULL;";

    private const string ExternalIndex = """
        CREATE VIRTUAL TABLE messages_fts USING fts5(content, content=messages, content_rowid=id);
        CREATE TRIGGER messages_fts_insert AFTER INSERT ON messages BEGIN
            INSERT INTO messages_fts(rowid, content) VALUES (new.id, new.content);
        END;
        CREATE TRIGGER messages_fts_delete AFTER DELETE ON messages BEGIN
            INSERT INTO messages_fts(messages_fts, rowid, content) VALUES('delete', old.id, old.content);
        END;
        """;
}
