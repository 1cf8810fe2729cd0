using System.IO.Abstractions;
using System.Text.Json;
using Hermes.Core.Http;
using Hermes.Core.Http.Wire;
using Hermes.Core.Skills;
using Hermes.Testing;
using static Hermes.Core.Http.Wire.SkillWire;

namespace Hermes.Core.Tests.Http.Wire;

public sealed class SkillWireTests : IDisposable
{
    private readonly TemporaryHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task List_Skills_HaveEveryKeyInOrder()
    {
        _home.Write("skills/x/good/SKILL.md", "---\nname: 7\ntags: é\n---\n").Write("skills/x/open/SKILL.md", "---\n");

        using var json = await ReadAsync(withContent: true);

        var items = json.RootElement.GetProperty("items");
        Assert.Equal(
            """{"id":"7","name":"7","description":"","author":"","tags":["é"],"triggers":[],"category":"x","installed":true,"enabled":true,"sourcePath":"skills/x/good/SKILL.md","content":"---\nname: 7\ntags: é\n---\n"}""",
            items[0].GetRawText());
        Assert.Equal(JsonValueKind.String, items[1].GetProperty("problem").ValueKind);
        Assert.Equal(2, json.RootElement.GetProperty("total").GetInt32());
    }

    [Fact]
    public async Task List_WithoutContent_LeavesTheTextsOut()
    {
        _home.Write("skills/x/SKILL.md", "text");

        using var json = await ReadAsync(withContent: false);

        Assert.False(json.RootElement.GetProperty("items")[0].TryGetProperty("content", out _));
    }

    private async Task<JsonDocument> ReadAsync(bool withContent)
    {
        using var catalog = new SkillCatalog(_home.Home, new FileSystem());
        var list = SkillList.From(await catalog.ListAsync(), int.MaxValue, withContent, ListKeys.Items);
        return JsonDocument.Parse(WireJson.Serialize(list));
    }
}
