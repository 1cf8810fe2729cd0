using System.IO.Abstractions;
using System.Text;
using System.Text.Json;
using Hermes.Core.Http.Wire;
using Hermes.Core.Memory;
using Hermes.Testing;
using static Hermes.Core.Http.Wire.MemoryWire;

namespace Hermes.Core.Tests.Http.Wire;

public sealed class MemoryWireTests : IDisposable
{
    private readonly TemporaryHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task Files_EmptyHome_HaveNoTexts() => Assert.Equal(
        """{"targets":[{"target":"memory","entries":[],"usage":"0% — 0/2,200 chars","entry_count":0},{"target":"user","entries":[],"usage":"0% — 0/1,375 chars","entry_count":0}]}""",
        Json(MemoryFiles.From(await ReadAsync())));

    [Fact]
    public async Task Files_Texts_AreKeyedByFileName()
    {
        _home.Write("memories/MEMORY.md", "<a> \"quoted\" § é\n").Write("memories/OTHER.md", "not served");

        using var json = JsonDocument.Parse(Json(MemoryFiles.From(await ReadAsync())));

        Assert.Equal(["MEMORY.md", "targets"], json.RootElement.EnumerateObject().Select(property => property.Name));
        Assert.Equal("<a> \"quoted\" § é\n", json.RootElement.GetProperty("MEMORY.md").GetString());
    }

    [Fact]
    public async Task Entries_OfOneMemory_LeaveTheOtherOut()
    {
        _home.Write("memories/MEMORY.md", "a\n§\nb").Write("memories/USER.md", "c").Write("config.yaml", "memory: {user_char_limit: 4}");

        var snapshot = await ReadAsync();

        Assert.Equal("""{"targets":[{"target":"memory","entries":["a","b"],"usage":"0% — 5/2,200 chars","entry_count":2}]}""", Json(MemoryFiles.From(snapshot.Memory)));
        Assert.Equal("""{"targets":[{"target":"user","entries":["c"],"usage":"25% — 1/4 chars","entry_count":1}]}""", Json(MemoryFiles.From(snapshot.User)));
    }

    [Fact]
    public async Task Entries_FileOverItsLimit_IsFullAndNoMore()
    {
        _home.Write("memories/USER.md", "abcdefgh").Write("config.yaml", "memory: {user_char_limit: 4}");

        Assert.Contains("100% — 8/4 chars", Json(MemoryFiles.From((await ReadAsync()).User)), StringComparison.Ordinal);
    }

    private static string Json(MemoryFiles files) => Encoding.UTF8.GetString(WireJson.Serialize(files));

    private Task<MemorySnapshot> ReadAsync() => new MemoryReader(_home.Home, new FileSystem()).ReadAsync();
}
