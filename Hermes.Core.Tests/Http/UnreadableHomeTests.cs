using System.Net;
using System.Net.Http.Json;
using Hermes.Core.Tests.Support;
using Hermes.Testing;

namespace Hermes.Core.Tests.Http;

/// <summary>A home, or a folder in it, that stops to be one while it is served: never an empty answer.</summary>
public class UnreadableHomeTests
{
    private static readonly string[] Paths =
        ["/api/memory", "/api/memory?target=user", "/api/skills", "/api/skills/categories", "/api/skills/x", "/v1/skills", "/api/config", "/api/model/options", "/api/available-models"];

    [LinuxTheory]
    [InlineData("dangling", "a link that leads nowhere")]
    [InlineData("circle", "a link that leads nowhere")]
    [InlineData("pipe", "a pipe or a device")]
    public async Task Get_HomeThatIsNoFolderAnyMore_IsAnErrorWithTheReason(string what, string reason)
    {
        using var folder = new TemporaryHome();
        var home = Path.Join(folder.Path, "home");
        await using var server = await HermesServer.StartAsync(options => options.Home = home);
        Assert.Equal(HttpStatusCode.OK, (await server.Client.GetAsync("/api/skills")).StatusCode);

        if (Directory.Exists(home))
            Directory.Delete(home, recursive: true);

        IrregularFile.Create(home, what);

        foreach (var path in Paths)
        {
            using var answer = await server.Client.GetAsync(path);
            var text = await answer.Content.ReadAsStringAsync();

            Assert.True(answer.StatusCode == HttpStatusCode.InternalServerError && text.Contains(reason, StringComparison.Ordinal), $"{path}: {answer.StatusCode} {text}");
            Assert.DoesNotContain(folder.Path, text, StringComparison.Ordinal);
        }

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await server.Client.GetAsync("/api/sessions")).StatusCode);
    }

    [Fact]
    public async Task Get_HomeThatDoesNotExist_IsAnEmptyOne()
    {
        using var folder = new TemporaryHome();
        await using var server = await HermesServer.StartAsync(options => options.Home = Path.Join(folder.Path, "a", "b"));

        foreach (var path in Paths.Where(path => path != "/api/skills/x"))
            Assert.Equal(HttpStatusCode.OK, (await server.Client.GetAsync(path)).StatusCode);
    }

    [LinuxTheory]
    [InlineData("pipe", "a pipe or a device")]
    [InlineData("dangling", "a link that leads nowhere")]
    public async Task Memory_FolderThatIsNone_SaysWhatItIs(string what, string reason)
    {
        await using var server = await HermesServer.StartAsync(options => options.Api.AllowMemoryWrites = true);
        IrregularFile.Create(server.Home.Home.MemoriesFolder, what);

        using var read = await server.Client.GetAsync("/api/memory");
        using var written = await server.Client.PostAsJsonAsync("/api/memory", new { target = "memory", content = "x" });

        foreach (var answer in (HttpResponseMessage[])[read, written])
        {
            Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
            Assert.Contains(reason, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
    }

    [LinuxTheory]
    [InlineData("dangling", "a link")]
    [InlineData("link to folder", "a link")]
    [InlineData("pipe", "a pipe or a device")]
    [InlineData("folder", "a folder")]
    public async Task Memory_LockThatIsNoRegularFile_IsRefusedAndNothingIsMade(string what, string reason)
    {
        await using var server = await HermesServer.StartAsync(options => options.Api.AllowMemoryWrites = true);
        Directory.CreateDirectory(server.Home.Home.MemoriesFolder);
        IrregularFile.Create(Path.Join(server.Home.Home.MemoriesFolder, "MEMORY.md.lock"), what);
        var before = Directory.GetFileSystemEntries(server.Home.Home.MemoriesFolder);

        using var answer = await server.Client.PostAsJsonAsync("/api/memory", new { target = "memory", content = "x" });

        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        Assert.Contains($"its lock MEMORY.md.lock is {reason}; remove it", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(before.Order(), Directory.GetFileSystemEntries(server.Home.Home.MemoriesFolder).Order());
    }
}
