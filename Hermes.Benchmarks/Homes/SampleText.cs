namespace Hermes.Benchmarks.Homes;

/// <summary>Made-up texts, the same in every run.</summary>
internal sealed class SampleText(int seed)
{
    private static readonly string[] Words =
    [
        "deploy", "docker", "index", "session", "memory", "kernel", "token", "stream", "vector", "socket", "build", "release",
        "cache", "panic", "query", "schema", "部署", "索引", "メモリ", "статус", "naïve", "🚀", "test", "latency",
    ];

    private static readonly string[] Sources = ["cli", "telegram", "api_server", "discord", "cron"];

    private readonly Random _random = new(seed);

    public string Say(int words) => string.Join(' ', _random.GetItems(Words, words));

    public string Source() => _random.GetItems(Sources, 1)[0];

    public T OneOfLast<T>(List<T> items, int last) => items[_random.Next(Math.Max(0, items.Count - last), items.Count)];

    public string Uuid()
    {
        Span<byte> bytes = stackalloc byte[16];
        _random.NextBytes(bytes);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true).ToString();
    }
}
