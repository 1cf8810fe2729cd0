using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using Hermes.Core.Http.Wire;
using Hermes.Core.Sessions;
using Hermes.Core.Sessions.Sqlite;
using Hermes.Core.Tests.Support;
using Hermes.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hermes.Core.Tests.Sessions.Sqlite;

/// <summary>A store over files that a test lays out itself.</summary>
public abstract class SqliteStoreTest : IDisposable
{
    private readonly List<IDisposable> _opened = [];

    public void Dispose()
    {
        for (var i = _opened.Count - 1; i >= 0; i--)
            _opened[i].Dispose();

        GC.SuppressFinalize(this);
    }

    protected static NewMessage User(string text) => new() { Role = "user", Content = text };

    protected TemporaryHome EmptyHome() => Keep(new TemporaryHome());

    protected async Task<TemporaryHome> HomeAsync(params string[] sql) => Keep(await StateDatabaseFiles.CreateHomeAsync(sql));

    private protected SqliteSessionStore Open(TemporaryHome home, TimeSpan? writeTimeout = null, TimeSpan? searchTime = null) => Keep(new SqliteSessionStore(
        home.Home, TimeProvider.System, NullLogger<SqliteSessionStore>.Instance, new HermesSessionOptions { SearchTime = searchTime ?? TimeSpan.FromMinutes(1) }, writeTimeout ?? TimeSpan.FromSeconds(20)));

    private protected static async Task<List<Message>> ReadAsync(SessionStore store, string id, MessageQuery? query = null)
    {
        var messages = new List<Message>();
        await foreach (var message in store.ReadMessagesAsync(id, query))
        {
            messages.Add(message);
        }

        return messages;
    }

    private protected static async Task<JsonNode> JsonAsync(Func<ArrayBufferWriter<byte>, Task> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        await write(buffer);
        return JsonNode.Parse(Encoding.UTF8.GetString(buffer.WrittenSpan))!;
    }

    private protected T Keep<T>(T disposable)
        where T : IDisposable
    {
        _opened.Add(disposable);
        return disposable;
    }
}

/// <summary>The JSON of a store's rows, in one buffer.</summary>
internal static class RawWriting
{
    public static async Task WritePageAsync(this SqliteSessionStore store, SessionQuery query, ArrayBufferWriter<byte> output)
    {
        foreach (var part in await store.ReadPageJsonAsync(query, ["items"], CancellationToken.None))
            output.Write(part.Span);
    }

    public static async Task<bool> WriteSessionAsync(this SqliteSessionStore store, string id, IBufferWriter<byte> output)
    {
        if (await store.ReadSessionJsonAsync(id, CancellationToken.None) is not { } json) return false;

        output.Write(json.Span);
        return true;
    }

    public static async Task<bool> WriteMessagesAsync(this SqliteSessionStore store, string id, MessageQuery query, IBufferWriter<byte> output)
    {
        var parts = await store.ReadMessagesJsonAsync(id, query, ["items"], Send, CancellationToken.None);
        foreach (var part in parts ?? [])
            await Send(part);

        return parts is not null;

        ValueTask<bool> Send(ReadOnlyMemory<byte> part)
        {
            output.Write(part.Span);
            return ValueTask.FromResult(true);
        }
    }
}
