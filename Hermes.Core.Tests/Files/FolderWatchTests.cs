using System.IO.Abstractions;
using System.IO.Abstractions.TestingHelpers;
using Hermes.Core.Files;
using Hermes.Core.Testing;
using Hermes.Core.Tests.Support;

namespace Hermes.Core.Tests.Files;

public sealed class FolderWatchTests : IDisposable
{
    private static readonly Dictionary<string, Action<string>> Changes = new()
    {
        ["written"] = folder => File.WriteAllText(Path.Join(folder, "a.md"), "TEXT"),
        ["appended"] = folder => File.AppendAllText(Path.Join(folder, "a.md"), "more"),
        ["emptied"] = folder => File.WriteAllText(Path.Join(folder, "a.md"), ""),
        ["times set back"] = folder => File.SetLastWriteTimeUtc(Path.Join(folder, "a.md"), DateTime.UnixEpoch),
        ["replaced"] = folder => File.Move(Path.Join(folder, "b.md"), Path.Join(folder, "a.md"), overwrite: true),
        ["renamed"] = folder => File.Move(Path.Join(folder, "a.md"), Path.Join(folder, "c.md")),
        ["deleted"] = folder => File.Delete(Path.Join(folder, "a.md")),
        ["created"] = folder => File.WriteAllText(Path.Join(folder, "c.md"), ""),
        ["folder in it"] = folder => Directory.CreateDirectory(Path.Join(folder, "below")),
        ["itself renamed"] = folder => Directory.Move(folder, folder + "-moved"),
        ["itself deleted"] = folder => Directory.Delete(folder, recursive: true),
    };

    private readonly TemporaryHome _home = new();

    public FolderWatchTests()
    {
        _home.Write("skills/a.md", "text");
        _home.Write("skills/b.md", "text");
    }

    public static TheoryData<string> Names => [.. Changes.Keys];

    public void Dispose() => _home.Dispose();

    [LinuxTheory]
    [MemberData(nameof(Names))]
    public void HasChanged_AfterAChange_IsTrueOnce(string change)
    {
        using var watch = Open();
        Assert.True(watch.TryAdd(_home.Home.SkillsFolder));
        Assert.False(watch.HasChanged());

        Changes[change](_home.Home.SkillsFolder);

        Assert.True(watch.HasChanged());
        Assert.False(watch.HasChanged());
    }

    [LinuxFact]
    public void HasChanged_ManyChanges_AreTakenTogether()
    {
        using var watch = Open();
        Assert.True(watch.TryAdd(_home.Home.SkillsFolder));
        for (var i = 0; i < 1000; i++)
        {
            _home.Write($"skills/{i}.md", "text");
        }

        Assert.True(watch.HasChanged());
        Assert.False(watch.HasChanged());
    }

    [LinuxFact]
    public void HasChanged_FilesAreRead_IsFalse()
    {
        using var watch = Open();
        Assert.True(watch.TryAdd(_home.Home.SkillsFolder));

        Assert.Equal("text", File.ReadAllText(Path.Join(_home.Home.SkillsFolder, "a.md")));
        Assert.Equal(2, Directory.GetFiles(_home.Home.SkillsFolder).Length);

        Assert.False(watch.HasChanged());
    }

    [LinuxFact]
    public void HasChanged_Disposed_IsTrue()
    {
        var watch = Open();
        watch.Dispose();

        Assert.True(watch.HasChanged());
        Assert.False(watch.TryAdd(_home.Home.SkillsFolder));
    }

    [LinuxTheory]
    [InlineData("missing")]
    [InlineData("skills/a.md")]
    [InlineData("link")]
    public void TryAdd_NoFolder_IsFalse(string path)
    {
        using var watch = Open();
        Directory.CreateSymbolicLink(Path.Join(_home.Path, "link"), "skills");

        Assert.False(watch.TryAdd(Path.Join(_home.Path, path)));
    }

    [Fact]
    public void Serves_FilesThatLieNowhere_IsFalse()
    {
        Assert.False(FolderWatch.Serves(new MockFileSystem(), _home.Path));
        Assert.False(FolderWatch.Serves(new FileSystem(), Path.Join(_home.Path, "missing")));
    }

    private static FolderWatch Open()
    {
        // Other tests may have as many as there may be, until they are collected.
        FolderWatch? watch = null;
        Assert.True(SpinWait.SpinUntil(() => (watch = FolderWatch.TryOpen()) is not null || Collect(), TimeSpan.FromMinutes(1)));
        return watch!;
    }

    private static bool Collect()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return false;
    }
}
