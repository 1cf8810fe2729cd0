using Hermes.Core.Sessions;
using Hermes.Core.Sessions.Search;
using Hermes.Core.Sessions.Sqlite;
using Hermes.Core.Tests.Support;
using Hermes.Testing;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hermes.Core.Tests.Sessions.Sqlite;

/// <summary>A search finds every message that has the words, whatever index the file has.</summary>
public sealed class SearchTests : SqliteStoreTest
{
    /// <summary>One message each; a search names those that it is to find by their letters.</summary>
    private static readonly (char Name, string Role, string Text)[] Messages =
    [
        ('a', "user", "How do I deploy with Docker Compose?"),
        ('b', "assistant", "Run docker-compose up; the docker's log says \"ready\"."),
        ('c', "user", "使用docker部署服务，今天天气很好"),
        ('d', "assistant", "Win10上用docker部署nginx很方便"),
        ('e', "user", "東京タワーに行きました。データベースを更新"),
        ('f', "user", "서버를 재시작하고 데이터베이스 백업을 확인했습니다"),
        ('g', "user", "مرحبا بالعالم، هذا كتاب عن البرمجة"),
        ('h', "assistant", "هَٰذَا كِتَابٌ مُفِيدٌ"),
        ('i', "user", "ภาษาไทยไม่มีช่องว่างระหว่างคำ"),
        ('j', "user", "Der Café-Besitzer in Straße 7 sagte NAÏVE Dinge 🚀"),
        ('k', "user", "\0json:[{\"type\": \"text\", \"text\": \"see\\nunicorn \\u5929\\u6c14\"}, {\"type\": \"image_url\", \"image_url\": {\"url\": \"data:zzqx\"}}]"),
        ('l', "tool", "dockerized concatenation of v1.2.3 in foo_bar.py (C++)"),
        ('m', "user", "Ὀδυσσεύς ΣΊΣΥΦΟΣ и Ёлка ЁЛКА"),
        ('n', "tool", "工具的输出：天气预报服务"),
        ('o', "user", "हिन्दी में खोज"),
        ('p', "user", "nul\0inside and half \ufffd"),
        ('q', "assistant", "မြန်မာစာ ភាសាខ្មែរ ພາສາລາວ"),
    ];

    public static TheoryData<string, string> Layouts => new()
    {
        { "one column over the table", StateDatabaseFiles.Schema1 },
        { "version 6", StateDatabaseFiles.Schema6 },
        { "its own text, and trigrams", StateDatabaseFiles.Schema13 },
        { "three columns over a view", StateDatabaseFiles.SchemaNewer },
        { "trigrams of some messages", StateDatabaseFiles.SchemaPartialTrigrams },
        { "no index", StateDatabaseFiles.SchemaWithoutIndex },
        { "a third index that nobody here can read", StateDatabaseFiles.Schema13 + """
            CREATE VIRTUAL TABLE messages_fts_cjk USING fts5(content, tokenize='trigram');
            PRAGMA writable_schema=ON;
            UPDATE sqlite_master SET sql = replace(sql, '''trigram''', '''jieba''') WHERE name = 'messages_fts_cjk';
            """ },
        { "words split by rules of its own", StateDatabaseFiles.SchemaWithoutIndex + """
            CREATE VIRTUAL TABLE messages_fts USING fts5(content, content=messages, content_rowid=id, tokenize="unicode61 tokenchars '-'");
            CREATE TRIGGER messages_fts_insert AFTER INSERT ON messages BEGIN
                INSERT INTO messages_fts(rowid, content) VALUES (new.id, new.content);
            END;
            """ },
        { "an index that is still being filled", StateDatabaseFiles.Schema13 + "DROP TRIGGER messages_fts_insert; DROP TRIGGER messages_fts_trigram_insert;" },
    };

    public static (string Query, string Found)[] Searches { get; } =
    [
        ("docker", "abcd"),
        ("DOCKER", "abcd"),
        ("docker compose", "ab"),
        ("compose docker", "ab"),
        ("\"docker compose\"", "ab"),
        ("\"compose docker\"", ""),
        ("docker-compose", "ab"),
        ("docker*", "abcdl"),
        ("\"docker com\"*", "ab"),
        ("docker nginx", "d"),
        ("docker AND nginx", "d"),
        ("nginx OR unicorn", "dk"),
        ("docker NOT compose", "cd"),
        ("docker NOT 部署", "ab"),
        ("cat", ""),
        ("部署", "cd"),
        ("docker部署", "cd"),
        ("docker 部署 服务", "c"),
        ("天气", "ckn"),
        ("天气预报", "n"),
        ("天", "ckn"),
        ("服务", "cn"),
        ("部署nginx", "d"),
        ("win10", "d"),
        ("東京", "e"),
        ("タワー", "e"),
        ("データベース", "e"),
        ("서버", "f"),
        ("데이터베이스 백업", "f"),
        ("데이터베이스 OR nginx", "df"),
        ("كتاب", "gh"),
        ("كِتَابٌ", "gh"),
        ("العالم", ""),
        ("بالعالم", "g"),
        ("ภาษา", "i"),
        ("ช่องว่าง", "i"),
        ("cafe", "j"),
        ("CAFÉ", "j"),
        ("naïve", "j"),
        ("strasse", ""),
        ("STRAßE", "j"),
        ("🚀", "j"),
        ("🚀 dinge", "j"),
        ("unicorn", "k"),
        ("zzqx", ""),
        ("text", ""),
        ("v1.2.3", "l"),
        ("foo_bar.py", "l"),
        ("c++", "l"),
        ("σίσυφος", "m"),
        ("ёлка", "m"),
        ("हिन्दी", "o"),
        ("inside", "p"),
        ("ភាសា", "q"),
        ("ພາສາ", "q"),
        ("မြန်မာ", "q"),
        ("nowhere", ""),
        ("\"\"", ""),
        ("*", ""),
        ("---", ""),
    ];

    [Theory]
    [MemberData(nameof(Layouts))]
    public async Task SearchAsync_MixedLanguages_FindsEveryMessageThatHasTheWords(string layout, string schema)
    {
        var store = Open(await MixedHomeAsync(schema));

        var wrong = new List<string>();
        foreach (var (query, expected) in Searches)
        {
            var found = await FindAsync(store, new SearchQuery { Text = query, Limit = 100 });
            if (found != expected)
                wrong.Add($"{query}: {found}, expected {expected}");
        }

        Assert.True(wrong.Count == 0, layout + "\n" + string.Join('\n', wrong));
    }

    [Fact]
    public async Task IndexQueries_AnySearch_AreValidToBothIndexes()
    {
        var home = await MixedHomeAsync(StateDatabaseFiles.Schema13);
        using var connection = Connection.Open(home.Home.StateDatabase, SqliteOpenMode.ReadOnly, null);
        connection.RefreshLayout();

        foreach (var expression in Searches.Select(search => SearchExpression.Parse(search.Query)).Where(expression => expression.Alternatives.Count > 0))
        {
            Read(connection.Sql.WhichWordsMatch, SearchIndexes.WordQuery(expression));
            Read(connection.Sql.WhichTrigramsMatch, SearchIndexes.TrigramQuery(expression));
        }

        Assert.Equal([12, 2, 1], Read(connection.Sql.WhichWordsMatch, SearchIndexes.WordQuery(SearchExpression.Parse("docker*"))));
        Assert.Equal([14], Read(connection.Sql.WhichTrigramsMatch, SearchIndexes.TrigramQuery(SearchExpression.Parse("天气预报"))));

        List<long> Read(string sql, string? match)
        {
            var ids = new List<long>();
            using var rows = connection.Use(sql);
            rows.Bind(1, match).Bind(2, long.MaxValue).Bind(3, 100L);
            while (match is not null && rows.Step())
                ids.Add(rows.Int64(0));

            return ids;
        }
    }

    [Fact]
    public async Task SearchAsync_IndexOfWords_IsAsked()
    {
        var home = await MixedHomeAsync(StateDatabaseFiles.Schema13, "UPDATE messages_fts SET content = 'planted' WHERE rowid = 1");

        Assert.Equal("a", await FindAsync(Open(home), new SearchQuery { Text = "planted" }));
    }

    [Theory]
    [InlineData("UPDATE messages_fts_data SET block = x'ffffffffffffffff'")]
    [InlineData("DELETE FROM messages_fts_data")]
    [InlineData("PRAGMA writable_schema=ON; UPDATE sqlite_master SET sql = replace(sql, 'USING fts5(', 'USING fts5(tokenize=''porter jieba'', ') WHERE name = 'messages_fts'")]
    public async Task SearchAsync_IndexThatCannotBeRead_IsDoneWithout(string damage)
    {
        var home = await MixedHomeAsync(StateDatabaseFiles.Schema6, damage);

        Assert.Equal("ab", await FindAsync(Open(home), new SearchQuery { Text = "compose" }));
    }

    [Fact]
    public async Task SearchAsync_MessagesThatComeAndGo_AreFoundAndNot()
    {
        var store = Open(await MixedHomeAsync(StateDatabaseFiles.Schema6));
        Assert.Equal(2, (await store.SearchAsync(new SearchQuery { Text = "部署" })).Items.Count);

        await store.CreateAsync(new NewSession { Id = "new" });
        await store.AppendAsync("new", [User("再部署一次kafka")]);

        Assert.Equal(3, (await store.SearchAsync(new SearchQuery { Text = "部署" })).Items.Count);
        Assert.Equal("new", Assert.Single((await store.SearchAsync(new SearchQuery { Text = "kafka" })).Items).SessionId);
        await store.DeleteAsync("new");
        Assert.Empty((await store.SearchAsync(new SearchQuery { Text = "kafka" })).Items);
    }

    [Fact]
    public async Task SearchAsync_WhatIsNotShown_IsNotFound()
    {
        var store = Open(await HomeAsync(StateDatabaseFiles.SchemaNewer, """
            INSERT INTO sessions(id, source, started_at, hidden, archived) VALUES ('shown', 'cli', 1, 0, 0), ('hidden', 'cli', 2, 1, 0), ('archived', 'cli', 3, 0, 1);
            INSERT INTO messages(session_id, role, content, timestamp, active, compacted) VALUES
                ('shown', 'user', 'word undone', 10, 0, 0), ('shown', 'user', 'word compacted', 11, 0, 1), ('shown', 'user', 'word live', 12, 1, 0),
                ('hidden', 'user', 'word', 13, 1, 0), ('archived', 'user', 'word', 14, 1, 0);
            """));

        var page = await store.SearchAsync(new SearchQuery { Text = "word" });

        Assert.Equal([">>>word<<< compacted", ">>>word<<< live"], page.Items.Select(item => item.Snippet).Order());
        Assert.Equal("word compacted", Assert.Single(page.Items.Single(item => item.MessageId == 3).Context).Content);
    }

    [Fact]
    public async Task SearchAsync_ToolCall_IsFoundWhereTheIndexHasIt()
    {
        var store = Open(await HomeAsync(StateDatabaseFiles.SchemaNewer, """
            INSERT INTO sessions(id, source, started_at) VALUES ('a', 'cli', 1);
            INSERT INTO messages(session_id, role, content, tool_calls, timestamp) VALUES ('a', 'assistant', 'Let me see.', '[{"arguments": "kubectl rollout"}]', 2);
            """));

        var found = Assert.Single((await store.SearchAsync(new SearchQuery { Text = "rollout" })).Items);

        Assert.Contains("kubectl >>>rollout<<<", found.Snippet, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task SearchAsync_ManyPages_ComeNewestFirstAndOnceEach(bool byOffset)
    {
        const int Count = 2_650;
        var store = Open(EmptyHome());
        await store.CreateAsync(new NewSession { Id = "a" });
        await store.AppendAsync("a", [.. Enumerable.Range(0, Count).Select(i => User(i % 7 == 0 ? $"字word字 {i}" : $"word {i}"))]);

        var seen = new List<long>();
        SearchPage page;
        string? next = null;
        do
        {
            page = await store.SearchAsync(new SearchQuery { Text = "word", Limit = 100, Offset = byOffset ? seen.Count : 0, Before = byOffset ? null : next });
            Assert.True(page.IsComplete);
            seen.AddRange(page.Items.Select(item => item.MessageId));
            next = page.Next;
        }
        while (page.HasMore);

        Assert.Equal(Enumerable.Range(1, Count).Select(i => (long)i).Reverse(), seen);
    }

    [Fact]
    public async Task SearchAsync_BeforeThatNoSearchGave_IsRefused()
    {
        var store = Open(EmptyHome());

        foreach (var before in (string[])["x", "1_2_3", "1_", "_", "99999999999999999999"])
            await Assert.ThrowsAsync<SessionValidationException>(() => store.SearchAsync(new SearchQuery { Text = "word", Before = before }));
    }

    /// <summary>With next to no time each search does one step of the work; by the cursors of the pages, all is found once.</summary>
    [Theory]
    [InlineData(StateDatabaseFiles.Schema6, "word")]
    [InlineData(StateDatabaseFiles.Schema6, "天气")]
    [InlineData(StateDatabaseFiles.Schema6, "🚀")]
    [InlineData(StateDatabaseFiles.Schema13, "天气预报")]
    [InlineData(StateDatabaseFiles.SchemaWithoutIndex, "word")]
    public async Task SearchAsync_TimeIsOver_SaysSoAndFollowingPagesFindAllOnce(string schema, string text)
    {
        var store = Open(await LargeHomeAsync(schema), searchTime: TimeSpan.FromTicks(1));

        var seen = new List<long>();
        var incomplete = 0;
        SearchPage? page = null;
        do
        {
            page = await store.SearchAsync(new SearchQuery { Text = text, Limit = 10, Before = page?.Next });
            seen.AddRange(page.Items.Select(item => item.MessageId));
            incomplete += page.IsComplete ? 0 : 1;
        }
        while (page.HasMore);

        Assert.True(incomplete > 0);
        Assert.Equal(Expected(text), seen.Order());
    }

    /// <summary>What one search has read the next one need not: also where its caller went away.</summary>
    [Fact]
    public async Task SearchAsync_TheSameAgainAfterItsTimeWasOver_GoesOnUntilItIsComplete()
    {
        var store = Open(await LargeHomeAsync(StateDatabaseFiles.SchemaWithoutIndex), searchTime: TimeSpan.FromTicks(1));

        var pages = new List<SearchPage>();
        for (var i = 0; i < 200 && pages is not [.., { IsComplete: true }]; i++)
            pages.Add(await store.SearchAsync(new SearchQuery { Text = "unheard-of", Limit = 100 }));

        Assert.InRange(pages.Count, 2, 199);
    }

    /// <summary>With next to no time, where all messages mix scripts or the index lacks them: each search examines one more block, and none again.</summary>
    [Theory]
    [InlineData(StateDatabaseFiles.Schema6, "unheard-of")]
    [InlineData(StateDatabaseFiles.Schema13 + "DROP TRIGGER messages_fts_insert; DROP TRIGGER messages_fts_trigram_insert;", "闻所未闻")]
    public async Task SearchAsync_MessagesThatNoIndexHas_AreExaminedOnceForTheSameWords(string schema, string text)
    {
        const int Blocks = (LargeCount / 1024) + 1;
        var home = await LargeHomeAsync(schema, "UPDATE messages SET content = '混word字' || id");
        var store = Open(home, searchTime: TimeSpan.FromTicks(1));

        var searches = 0;
        while (!(await store.SearchAsync(new SearchQuery { Text = text })).IsComplete)
            Assert.InRange(++searches, 1, Blocks);

        await PythonScript.RunSqlAsync(home.Home.StateDatabase, $"UPDATE messages SET content = '混{text}字' WHERE id = 7");
        var again = await Open(home).SearchAsync(new SearchQuery { Text = text });
        var kept = await store.SearchAsync(new SearchQuery { Text = text });

        Assert.Equal(7, Assert.Single(again.Items).MessageId);
        Assert.True(kept.IsComplete);
        Assert.Empty(kept.Items);
    }

    [Fact]
    public async Task SearchAsync_FirstSearchOfALargeFile_HasWhatTheIndexKnowsAtOnce()
    {
        var home = await LargeHomeAsync(StateDatabaseFiles.Schema6);
        var store = Keep(new SqliteSessionStore(
            home.Home, new SteppingTime(), NullLogger<SqliteSessionStore>.Instance, new HermesSessionOptions { SearchTime = TimeSpan.FromMilliseconds(20) }));

        var first = await store.SearchAsync(new SearchQuery { Text = "needle" });
        var found = first.Items.Select(item => item.MessageId).ToList();
        for (var page = first; page.HasMore;)
        {
            page = await store.SearchAsync(new SearchQuery { Text = "needle", Before = page.Next });
            found.AddRange(page.Items.Select(item => item.MessageId));
        }

        Assert.False(first.IsComplete);
        Assert.Equal([4500, 3], first.Items.Select(item => item.MessageId));
        Assert.Equal([4500, 3, 4], found);
    }

    [Fact]
    public async Task SearchAsync_ScansThatAreCancelled_HoldNobodyUp()
    {
        var store = Open(await LargeHomeAsync(StateDatabaseFiles.SchemaWithoutIndex));
        for (var i = 0; i < 6; i++)
        {
            using var cancellation = new CancellationTokenSource();
            var search = store.SearchAsync(new SearchQuery { Text = "unheard-of" }, cancellation.Token);
            await cancellation.CancelAsync();
            var end = await Record.ExceptionAsync(() => search);
            Assert.True(end is null or OperationCanceledException, $"{end}");
        }

        var page = await store.SearchAsync(new SearchQuery { Text = "word", Limit = 100 });

        Assert.True(page.IsComplete);
        Assert.NotEmpty(page.Items);
    }

    [Fact]
    public async Task SearchAsync_DamagedIndex_IsLoggedOnce()
    {
        var home = await MixedHomeAsync(StateDatabaseFiles.Schema6, "UPDATE messages_fts_data SET block = x'ffffffffffffffff'");
        var logger = new Lines();
        var store = Keep(new SqliteSessionStore(home.Home, TimeProvider.System, logger));

        Assert.Equal("ab", await FindAsync(store, new SearchQuery { Text = "compose" }));
        Assert.Equal("ab", await FindAsync(store, new SearchQuery { Text = "compose" }));

        Assert.Contains("search index", Assert.Single(logger.Texts), StringComparison.Ordinal);
    }

    private static IEnumerable<long> Expected(string text) =>
        Enumerable.Range(1, LargeCount).Where(i => LargeText(i).Contains(text, StringComparison.Ordinal)).Select(i => (long)i);

    private const int LargeCount = 5_000;

    private static string LargeText(int i) => (i % 400) switch
    {
        0 => "今天天气预报很好",
        1 => "word 🚀 off",
        2 => "mixed 文字 word",
        _ => "plain text alone",
    };

    private Task<TemporaryHome> LargeHomeAsync(string schema, string more = "") => HomeAsync(
        schema,
        "INSERT INTO sessions(id, source, started_at) VALUES ('s', 'cli', 1)",
        $$"""
        WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < {{LargeCount}})
        INSERT INTO messages(session_id, role, content, timestamp)
        SELECT 's', 'user', CASE WHEN n IN (3, 4500) THEN 'needle' WHEN n = 4 THEN '针needle针' ELSE CASE n % 400 WHEN 0 THEN '{{LargeText(0)}}' WHEN 1 THEN '{{LargeText(1)}}' WHEN 2 THEN '{{LargeText(2)}}' ELSE '{{LargeText(3)}}' END END, n FROM number
        """,
        more);

    private static async Task<string> FindAsync(SqliteSessionStore store, SearchQuery query)
    {
        var page = await store.SearchAsync(query);
        Assert.False(page.HasMore);
        return string.Concat(page.Items.Select(item => Messages[item.MessageId - 1].Name).Order());
    }

    private async Task<TemporaryHome> MixedHomeAsync(string schema, string more = "") => await HomeAsync(
    [
        schema,
        "INSERT INTO sessions(id, source, started_at) VALUES ('s', 'cli', 1)",
        .. Messages.Select((message, i) =>
            $"INSERT INTO messages(session_id, role, content, timestamp) VALUES ('s', '{message.Role}', {Quote(message.Text)}, {i + 2})"),
        more,
    ]);

    private static string Quote(string text) => "'" + text.Replace("'", "''", StringComparison.Ordinal).Replace("\0", "' || char(0) || '", StringComparison.Ordinal) + "'";

    /// <summary>A clock that goes on by a millisecond each time that somebody looks at it.</summary>
    private sealed class SteppingTime : TimeProvider
    {
        private long _milliseconds;

        public override long TimestampFrequency => 1000;

        public override long GetTimestamp() => Interlocked.Increment(ref _milliseconds);
    }

    private sealed class Lines : ILogger<SqliteSessionStore>
    {
        public List<string> Texts { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Texts.Add(formatter(state, exception));
    }
}
