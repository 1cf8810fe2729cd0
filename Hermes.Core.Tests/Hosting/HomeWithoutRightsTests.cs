using System.Net;
using System.Runtime.Versioning;
using Hermes.Core.Tests.Support;

namespace Hermes.Core.Tests.Hosting;

/// <summary>A home that the host's user may not read. Root may read everything, so the host is a process of another user's.</summary>
[SupportedOSPlatform("linux")]
public sealed class HomeWithoutRightsTests : IDisposable
{
    private const UnixFileMode Nothing = UnixFileMode.None;
    private const UnixFileMode ReadAll = UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode EnterAll = ReadAll | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const string NotOpened = "it, or a file that it needs beside it, cannot be opened: check the rights of state.db and of the home's folder";

    private readonly string _folder = Directory.CreateTempSubdirectory("hermes-rights-").FullName;

    public void Dispose()
    {
        foreach (var folder in (string[])[_folder, .. Directory.GetDirectories(_folder)])
            File.SetUnixFileMode(folder, Owner);

        Directory.Delete(_folder, recursive: true);
    }

    [LinuxFact]
    public async Task Skills_OfAFolderThatMayNotBeListed_AreAnErrorAndNotNone()
    {
        File.SetUnixFileMode(_folder, EnterAll);
        var home = Directory.CreateDirectory(Path.Join(_folder, "home")).FullName;
        var skills = Directory.CreateDirectory(Path.Join(home, "skills")).FullName;
        File.SetUnixFileMode(home, EnterAll);
        File.SetUnixFileMode(skills, Nothing);
        try
        {
            await using var host = await HostProcess.StartWithoutRightsAsync(home);
            using var client = new HttpClient { BaseAddress = host.Address };

            foreach (var path in (string[])["/api/skills", "/api/skills/a", "/v1/skills"])
            {
                using var answer = await client.GetAsync(path);
                Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
                Assert.Contains("allow the server's user to list the folder skills", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
            }
        }
        finally
        {
            File.SetUnixFileMode(skills, Owner);
        }
    }

    [LinuxTheory]
    [InlineData("file", NotOpened)]
    [InlineData("log without its index", NotOpened)]
    [InlineData("folder behind a link", "state.db may not be read: check the rights of the home's folder and those above it")]
    public async Task Sessions_AreUnavailableWithTheReason(string what, string reason)
    {
        File.SetUnixFileMode(_folder, EnterAll);
        var home = Directory.CreateDirectory(Path.Join(_folder, "home")).FullName;
        var elsewhere = Directory.CreateDirectory(Path.Join(_folder, "elsewhere")).FullName;
        using var source = await StateDatabaseFiles.CreateHomeAsync(StateDatabaseFiles.Schema6);
        var database = Path.Join(what == "folder behind a link" ? elsewhere : home, "state.db");
        File.Move(source.Home.StateDatabase, database);
        switch (what)
        {
            case "file":
                File.SetUnixFileMode(database, Nothing);
                break;
            case "log without its index":
                await File.WriteAllTextAsync(database + "-wal", "no log, but not empty");
                File.SetUnixFileMode(database, ReadAll);
                File.SetUnixFileMode(database + "-wal", ReadAll);
                break;
            default:
                File.CreateSymbolicLink(Path.Join(home, "state.db"), database);
                File.SetUnixFileMode(elsewhere, Nothing);
                break;
        }

        File.SetUnixFileMode(home, EnterAll);
        await using var host = await HostProcess.StartWithoutRightsAsync(home);
        using var client = new HttpClient { BaseAddress = host.Address };

        foreach (var path in (string[])["/api/sessions", "/api/sessions/a", "/api/sessions/a/messages", "/api/sessions/search?q=x"])
        {
            using var answer = await client.GetAsync(path);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
            Assert.Equal($$"""{"error":"Session DB unavailable: {{reason}}"}""", await answer.Content.ReadAsStringAsync());
        }

        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/health")).StatusCode);
    }
}
