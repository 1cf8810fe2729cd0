using BenchmarkDotNet.Attributes;
using Hermes.Benchmarks.Homes;
using Hermes.Core.Http.Wire;
using Hermes.Core.Sessions;
using Hermes.Core.Sessions.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hermes.Benchmarks.Micro;

/// <summary>The session store, on the home of 10,000 sessions.</summary>
[MemoryDiagnoser]
public class StoreBenchmarks : IDisposable
{
    private SqliteSessionStore _store = null!;
    private string _id = null!;
    private string _cursor = null!;

    /// <summary>Opens the store.</summary>
    [GlobalSetup]
    public async Task Open()
    {
        var home = BenchmarkHome.Get(10_000);
        _store = new SqliteSessionStore(home.Home, TimeProvider.System, NullLogger<SqliteSessionStore>.Instance);
        _id = home.SomeIds(1)[0];
        _cursor = (await _store.ListAsync(new SessionQuery { Limit = 1, Offset = 7_999 })).Next!;
    }

    /// <summary>Closes it.</summary>
    [GlobalCleanup]
    public void Dispose()
    {
        _store.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Looks whether anything changed.</summary>
    [Benchmark]
    public object? Version() => _store.ReadVersion();

    /// <summary>The first page.</summary>
    [Benchmark]
    public Task<int> Page50() => PageAsync(new SessionQuery());

    /// <summary>The longest page.</summary>
    [Benchmark]
    public Task<int> Page500() => PageAsync(new SessionQuery { Limit = 500 });

    /// <summary>A page deep in the list, by counting.</summary>
    [Benchmark]
    public Task<int> Page50AtOffset8000() => PageAsync(new SessionQuery { Offset = 8_000 });

    /// <summary>A page deep in the list, by its cursor.</summary>
    [Benchmark]
    public Task<int> Page50Before() => PageAsync(new SessionQuery { Before = _cursor });

    /// <summary>One session.</summary>
    [Benchmark]
    public Task<int> SessionById() => SessionAsync(_id);

    /// <summary>One session by the start of its id.</summary>
    [Benchmark]
    public Task<int> SessionByPrefix() => SessionAsync(_id[..12]);

    /// <summary>20 messages.</summary>
    [Benchmark]
    public Task<int> Messages20() => MessagesAsync(_id);

    /// <summary>2,000 messages.</summary>
    [Benchmark]
    public Task<int> Messages2000() => MessagesAsync(BenchmarkHome.BigSession);

    private async Task<int> PageAsync(SessionQuery query)
    {
        return (await _store.ReadPageJsonAsync(query, ["items"], CancellationToken.None)).Count;
    }

    private async Task<int> SessionAsync(string id)
    {
        return (await _store.ReadSessionJsonAsync(id, CancellationToken.None))!.Value.Length;
    }

    private async Task<int> MessagesAsync(string id)
    {
        var parts = await _store.ReadMessagesJsonAsync(id, new MessageQuery(), ["items"], _ => ValueTask.FromResult(true), CancellationToken.None);
        return parts!.Count;
    }
}
