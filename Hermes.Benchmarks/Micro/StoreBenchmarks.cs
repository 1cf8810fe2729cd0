using System.Buffers;
using BenchmarkDotNet.Attributes;
using Hermes.Benchmarks.Homes;
using Hermes.Core.Sessions;
using Hermes.Core.Sessions.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hermes.Benchmarks.Micro;

/// <summary>The session store, on the home of 10,000 sessions.</summary>
[MemoryDiagnoser]
public class StoreBenchmarks : IDisposable
{
    private readonly ArrayBufferWriter<byte> _output = new(2 * 1024 * 1024);
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
    public object? Stamp() => _store.ReadStamp();

    /// <summary>The first page.</summary>
    [Benchmark]
    public int Page50() => Page(new SessionQuery());

    /// <summary>The longest page.</summary>
    [Benchmark]
    public int Page500() => Page(new SessionQuery { Limit = 500 });

    /// <summary>A page deep in the list, by counting.</summary>
    [Benchmark]
    public int Page50AtOffset8000() => Page(new SessionQuery { Offset = 8_000 });

    /// <summary>A page deep in the list, by its cursor.</summary>
    [Benchmark]
    public int Page50Before() => Page(new SessionQuery { Before = _cursor });

    /// <summary>One session.</summary>
    [Benchmark]
    public int SessionById() => Session(_id);

    /// <summary>One session by the start of its id.</summary>
    [Benchmark]
    public int SessionByPrefix() => Session(_id[..12]);

    /// <summary>20 messages.</summary>
    [Benchmark]
    public int Messages20() => Messages(_id);

    /// <summary>2,000 messages.</summary>
    [Benchmark]
    public int Messages2000() => Messages(BenchmarkHome.BigSession);

    private int Page(SessionQuery query)
    {
        _output.ResetWrittenCount();
        _store.WritePage(query, _output);
        return _output.WrittenCount;
    }

    private int Session(string id)
    {
        _output.ResetWrittenCount();
        _store.WriteSession(id, _output);
        return _output.WrittenCount;
    }

    private int Messages(string id)
    {
        _output.ResetWrittenCount();
        _store.WriteMessages(id, new MessageQuery(), _output);
        return _output.WrittenCount;
    }
}
