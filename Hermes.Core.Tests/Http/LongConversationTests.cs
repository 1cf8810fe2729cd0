using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Hermes.Core.Tests.Support;
using Hermes.Testing;

namespace Hermes.Core.Tests.Http;

/// <summary>A conversation that is too long to be held whole.</summary>
public sealed class LongConversationTests : IAsyncLifetime
{
    private const int Count = 20_000;

    // More than a part has, and less than is held.
    private const int MiddleCount = 1_000;

    private TemporaryHome _home = null!;

    public async Task InitializeAsync() => _home = await StateDatabaseFiles.CreateHomeAsync(
        StateDatabaseFiles.SchemaWithoutIndex,
        "INSERT INTO sessions(id, source, started_at) VALUES ('long', 'cli', 1), ('short', 'cli', 2), ('middle', 'cli', 3)",
        $"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {Count}) "
            + "INSERT INTO messages(session_id, role, content, timestamp) SELECT 'long', 'user', printf('%d %.1000c', i, 'x'), i FROM n",
        "INSERT INTO messages(session_id, role, content, timestamp) VALUES ('short', 'user', 'hi', 1)",
        $"INSERT INTO messages(session_id, role, content, timestamp) SELECT 'middle', role, content, timestamp FROM messages WHERE id <= {MiddleCount}",
        "DELETE FROM messages WHERE session_id = 'middle' AND id % 10 = 0");

    public Task DisposeAsync()
    {
        _home.Dispose();
        return Task.CompletedTask;
    }

    [Theory]
    [InlineData("long", 1, Count, false)]
    [InlineData("middle", Count + 2, MiddleCount, true)]
    public async Task Messages_OfALongConversation_AreAllThereInOrder(string id, int first, int count, bool hasGaps)
    {
        long[] expected = [.. Enumerable.Range(first, count).Where(message => !hasGaps || message % 10 != 0)];
        await using var server = await HermesServer.StartAsync(home: _home);

        using var response = await server.Client.GetAsync($"/api/sessions/{id}/messages", HttpCompletionOption.ResponseHeadersRead);
        using var answer = await JsonDocument.ParseAsync(await response.Content.ReadAsStreamAsync());

        Assert.Equal(id == "long", response.Content.Headers.ContentLength is null);
        foreach (var name in (string[])["items", "data"])
        {
            var ids = answer.RootElement.GetProperty(name).EnumerateArray().Select(message => message.GetProperty("id").GetInt64());
            Assert.Equal(expected, ids);
        }

        Assert.Equal(id, answer.RootElement.GetProperty("session_id").GetString());
        Assert.Equal((expected.Length, false), (answer.RootElement.GetProperty("total").GetInt32(), answer.RootElement.GetProperty("has_more").GetBoolean()));
    }

    [Fact]
    public async Task Messages_OfALongConversation_HaveATagAndAHead()
    {
        await using var server = await HermesServer.StartAsync(home: _home);

        using var head = await server.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/api/sessions/long/messages"));
        var known = new HttpRequestMessage(HttpMethod.Get, "/api/sessions/long/messages");
        known.Headers.IfNoneMatch.Add(head.Headers.ETag!);
        using var unchanged = await server.Client.SendAsync(known);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.NotModified), (head.StatusCode, unchanged.StatusCode));
        Assert.Empty(await head.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Messages_OfAShortConversation_HaveALength()
    {
        await using var server = await HermesServer.StartAsync(home: _home);

        using var response = await server.Client.GetAsync("/api/sessions/short/messages");

        Assert.NotNull(response.Content.Headers.ContentLength);
    }

    [Fact]
    public async Task ClientsThatDoNotRead_HoldUpNeitherReadersNorTheLog()
    {
        await using var server = await HermesServer.StartAsync(home: _home);
        var clients = new List<TcpClient>();
        for (var i = 0; i < 20; i++)
        {
            var client = new TcpClient { ReceiveBufferSize = 4096 };
            await client.ConnectAsync(server.Address.Host, server.Address.Port);
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
                $"GET /api/sessions/long/messages HTTP/1.1\r\nHost: {server.Address.Authority}\r\nAuthorization: Bearer {HermesServer.Key}\r\n\r\n"));

            // The answer has begun, and nobody reads on.
            Assert.Equal((byte)'H', client.GetStream().ReadByte());
            clients.Add(client);
        }

        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        Assert.Equal(HttpStatusCode.OK, (await server.Client.GetAsync("/api/sessions/short/messages", limit.Token)).StatusCode);
        Assert.Equal("(0,)", (await PythonScript.RunAsync(
            """
            import sqlite3, sys
            db = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=20)
            db.execute("UPDATE sessions SET title = 'T' WHERE id = 'short'")
            print(db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[:1])
            """, _home.Home.StateDatabase)).Trim());
        clients.ForEach(client => client.Dispose());
    }

    [Fact]
    public async Task FileThatIsReplacedMeanwhile_BreaksTheAnswerOff()
    {
        await using var server = await HermesServer.StartAsync(home: _home);
        using var other = await StateDatabaseFiles.CreateHomeAsync(StateDatabaseFiles.Schema6);

        using var response = await server.Client.GetAsync("/api/sessions/long/messages", HttpCompletionOption.ResponseHeadersRead);
        File.Move(other.Home.StateDatabase, _home.Home.StateDatabase, overwrite: true);

        await Assert.ThrowsAnyAsync<Exception>(() => response.Content.ReadAsByteArrayAsync());
    }
}
