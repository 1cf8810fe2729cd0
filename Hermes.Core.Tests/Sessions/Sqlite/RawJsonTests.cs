using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hermes.Core.Http;
using Hermes.Core.Http.Wire;
using Hermes.Core.Sessions;
using Hermes.Core.Sessions.Sqlite;
using Hermes.Core.Tests.Support;
using static Hermes.Core.Http.Wire.SessionWire;

namespace Hermes.Core.Tests.Sessions.Sqlite;

public sealed class RawJsonTests : SqliteStoreTest
{
    private const string RichRows = """
        INSERT INTO sessions(id, source, user_id, model, model_config, title, started_at, ended_at, end_reason, message_count, tool_call_count, input_tokens, output_tokens) VALUES
            ('full', 'telegram', '42', 'm/edge', '{"_branched_from"', '“full” 😀 100%', 1759400900.25, 1759401000, 'session_reset', 15, 5, 62858, 8010),
            ('empty', '', '', '', NULL, NULL, 1759300201.358036, NULL, NULL, NULL, NULL, NULL, NULL),
            ('odd', x'636cff69', 7, 1.5, x'00', 'nul' || char(0) || 'inside', 'yesterday', 'later', NULL, 'many', 2.9, '12', NULL),
            ('quotes"\<b>&', 'cli', NULL, NULL, '[]', '"\</script>', -1.5, 4e9, NULL, 9223372036854775807, -1, 0, 0);
        INSERT INTO messages(session_id, role, content, tool_call_id, tool_calls, tool_name, timestamp, token_count, finish_reason, reasoning, reasoning_details, codex_reasoning_items) VALUES
            ('full', 'system', 'system text', NULL, NULL, NULL, 1759400902, NULL, NULL, NULL, NULL, NULL),
            ('full', 'user', char(0) || 'json:[{"type": "text", "text": "see\nthis"}, {"type": "image_url", "image_url": {"url": "data:"}}]', NULL, NULL, NULL, 1759400903.5, 3, NULL, NULL, NULL, NULL),
            ('full', 'assistant', NULL, NULL, '[{"id": "c1", "function": {"arguments": "{\"a\": 1}"}}, {"n": 12345678901234567890, "f": 1e+22, "u": "\ud83d\ude00"}]', NULL, 1759400904, NULL, 'tool_calls', 'hm', '[{"type": "x"}]', '[1]'),
            ('full', 'tool', '', 'c1', '', 'f', 1759400905, NULL, NULL, NULL, NULL, NULL),
            ('full', 'assistant', char(0) || 'json:{broken', NULL, '{not json', NULL, 1759400906, NULL, NULL, NULL, '[broken', NULL),
            ('full', 'user', 'nul' || char(0) || 'inside ' || char(1, 31, 127, 8232, 65279), NULL, '{"nan": NaN}', NULL, 1759400907, NULL, NULL, NULL, NULL, NULL),
            ('full', 'user', x'61ff62', NULL, '["\ud83d"]', NULL, 1759400908, NULL, NULL, NULL, NULL, NULL),
            ('full', 'developer', 12345, NULL, '"just text"', NULL, 'late', 'few', NULL, NULL, NULL, NULL),
            ('odd', 'user', NULL, NULL, NULL, NULL, 5, NULL, NULL, NULL, NULL, NULL),
            ('odd', 'user', '  ', NULL, NULL, NULL, 6, NULL, NULL, NULL, NULL, NULL),
            ('odd', 'user', char(0) || 'json:"only text"', NULL, 'null', NULL, 7, NULL, NULL, NULL, NULL, NULL);
        """;

    public static TheoryData<string, string> Files => new()
    {
        { StateDatabaseFiles.Schema6, "" },
        { StateDatabaseFiles.Schema13, "UPDATE messages SET reasoning_content = 'r', codex_message_items = '[]', platform_message_id = 'p', observed = 1" },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public async Task BothWays_RichFile_GiveTheSameJson(string schema, string more)
    {
        var store = Open(await HomeAsync(schema, RichRows, more));
        foreach (var query in (SessionQuery[])[new(), new() { Limit = 1 }, new() { Limit = 2, Offset = 1 }, new() { TitleContains = "full" }])
        {
            var page = await store.ListAsync(query);
            AssertSame((await JsonAsync(output => store.WritePageAsync(query, output))), SessionList.From(page, query, ListKeys.Items));
            foreach (var session in page.Items)
            {
                var raw = (await JsonAsync(async output => Assert.True(await store.WriteSessionAsync(session.Id, output))))["session"]!;
                AssertSame(raw, SessionObject.From(session));
                var messages = await ReadAsync(store, session.Id);
                AssertSame(
                    (await JsonAsync(async output => Assert.True(await store.WriteMessagesAsync(session.Id, new MessageQuery(), output)))),
                    MessageList.From(session with { MessageCount = messages.Count }, messages, hasMore: false, ListKeys.Items));
            }
        }
    }

    [Fact]
    public async Task WriteSession_RichFile_HasTheContractsKeysInOrder()
    {
        var store = Open(await HomeAsync(StateDatabaseFiles.Schema6, RichRows));

        var session = (await JsonAsync(output => store.WriteSessionAsync("full", output)))["session"]!;

        Assert.Equal(
            """{"id":"full","source":"telegram","user_id":"42","model":"m/edge","title":"“full” 😀 100%","started_at":1759400900.25,"ended_at":1759401000,"end_reason":"session_reset","message_count":15,"tool_call_count":5,"input_tokens":62858,"output_tokens":8010,"last_active":1759400908,"parent_session_id":null,"preview":"see this","tip_id":"full","_lineage_root_id":null}""",
            session.ToJsonString(new JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }).Replace("\\uD83D\\uDE00", "😀", StringComparison.Ordinal));
    }

    [Fact]
    public async Task WriteMessages_StoredValues_AreDecodedWhereTheyAreJson()
    {
        var store = Open(await HomeAsync(StateDatabaseFiles.Schema6, RichRows));

        var answer = (await JsonAsync(output => store.WriteMessagesAsync("full", new MessageQuery(), output)));
        var items = answer["items"]!.AsArray().Where(m => (string?)m!["role"] != "developer").ToList();

        Assert.Equal(8, (int)answer["total"]!);
        Assert.Equal(
            ["id", "session_id", "role", "content", "tool_call_id", "tool_calls", "tool_name", "timestamp", "token_count", "finish_reason",
             "reasoning", "reasoning_details", "codex_reasoning_items"],
            items[0]!.AsObject().Select(p => p.Key));
        Assert.Equal("image_url", (string?)items[1]!["content"]![1]!["type"]);
        Assert.Equal("12345678901234567890", items[2]!["tool_calls"]![1]!["n"]!.ToJsonString());
        Assert.Equal("""[{"type": "x"}]""", (string?)items[2]!["reasoning_details"]);
        Assert.Equal("", (string?)items[3]!["tool_calls"]);
        Assert.Equal("\0json:{broken", (string?)items[4]!["content"]);
        Assert.Equal("{not json", (string?)items[4]!["tool_calls"]);
        Assert.Equal("nul\0inside \u0001\u001f\u007f\u2028\ufeff", (string?)items[5]!["content"]);
        Assert.Equal("""{"nan": NaN}""", (string?)items[5]!["tool_calls"]);
        Assert.Equal("a\ufffdb", (string?)items[6]!["content"]);
        Assert.Equal("""["\ud83d"]""", (string?)items[6]!["tool_calls"]);
    }

    [Fact]
    public async Task WriteMessages_JsonNestedTooDeep_StaysAString()
    {
        var store = Open(await HomeAsync(
            StateDatabaseFiles.Schema6,
            "INSERT INTO sessions(id, source, started_at) VALUES ('a', 'cli', 1)",
            $"INSERT INTO messages(session_id, role, tool_calls, timestamp) VALUES ('a', 'user', '{new string('[', 5000)}{new string(']', 5000)}', 1)"));

        var message = (await JsonAsync(output => store.WriteMessagesAsync("a", new MessageQuery(), output)))["items"]![0]!;

        Assert.Equal(10_000, ((string)message["tool_calls"]!).Length);
    }

    [Fact]
    public async Task WriteMessages_PrefixOfAnId_IsThatSession()
    {
        var store = Open(await HomeAsync(StateDatabaseFiles.Schema6, RichRows));

        Assert.Equal("odd", (string?)(await JsonAsync(async output => Assert.True(await store.WriteMessagesAsync("OD", new MessageQuery(), output))))["items"]![0]!["session_id"]);
        Assert.False(await store.WriteMessagesAsync("nobody", new MessageQuery(), new ArrayBufferWriter<byte>()));
    }

    [Fact]
    public async Task WritePage_Infinity_IsNull()
    {
        var store = Open(await HomeAsync(StateDatabaseFiles.Schema6, "INSERT INTO sessions(id, source, started_at) VALUES ('a', 'cli', 9e999)"));

        Assert.Null((await JsonAsync(output => store.WriteSessionAsync("a", output)))["session"]!["started_at"]);
        Assert.Equal(DateTimeOffset.MaxValue, (await store.FindAsync("a"))!.StartedAt);
    }

    [Fact]
    public async Task EmptyHome_Answers_AreEmptyToo()
    {
        var store = Open(EmptyHome());
        var nothing = new ArrayBufferWriter<byte>();

        Assert.Equal(
            """{"object":"list","items":[],"total":0,"limit":500,"offset":3,"has_more":false,"next":null}""",
            (await JsonAsync(output => store.WritePageAsync(new SessionQuery { Limit = 900, Offset = 3 }, output))).ToJsonString());
        Assert.False(await store.WriteSessionAsync("a", nothing));
        Assert.False(await store.WriteMessagesAsync("a", new MessageQuery(), nothing));
        Assert.Equal(0, nothing.WrittenCount);
    }

    [Theory]
    [InlineData("hello", "hello")]
    [InlineData("  a\nb\r\nc  ", "a b  c")]
    [InlineData("123456789012345678901234567890123456789012345678901234567890", "123456789012345678901234567890123456789012345678901234567890")]
    [InlineData("123456789012345678901234567890123456789012345678901234567890  ", "123456789012345678901234567890123456789012345678901234567890")]
    [InlineData("1234567890123456789012345678901234567890123456789012345678901", "123456789012345678901234567890123456789012345678901234567890...")]
    [InlineData("\0json:[{\"type\":\"text\",\"text\":\"a\"},\"b\",{\"type\":\"image\"},{\"text\":\"c\"}]", "a b c")]
    [InlineData("\0json:{\"text\":\"a\"}", "a")]
    [InlineData("\0json:[]", "")]
    [InlineData("\0json:{broken", "")]
    [InlineData("", "")]
    public void WritePreview_Content_IsOneShortLine(string content, string preview)
    {
        Span<byte> buffer = stackalloc byte[StoredContent.MaxPreviewBytes];

        var length = StoredContent.WritePreview(Encoding.UTF8.GetBytes(content), buffer);

        Assert.Equal(preview, Encoding.UTF8.GetString(buffer[..length]));
    }

    [Fact]
    public void WritePreview_AstralCharacters_CountAsOne()
    {
        Span<byte> buffer = stackalloc byte[StoredContent.MaxPreviewBytes];

        var length = StoredContent.WritePreview(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("😀", 61))), buffer);

        Assert.Equal(string.Concat(Enumerable.Repeat("😀", 60)) + "...", Encoding.UTF8.GetString(buffer[..length]));
    }

    // The order of keys counts as well.
    private static void AssertSame<TRecord>(JsonNode raw, TRecord record) =>
        Assert.Equal(JsonNode.Parse(WireJson.Serialize(record))!.ToJsonString(), raw.ToJsonString());
}
