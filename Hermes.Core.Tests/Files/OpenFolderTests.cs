using System.IO.Abstractions;
using System.IO.Abstractions.TestingHelpers;
using Hermes.Core.Files;
using Hermes.Core.Testing;

namespace Hermes.Core.Tests.Files;

public sealed class OpenFolderTests : IDisposable
{
    private readonly TemporaryHome _home = new();

    public void Dispose() => _home.Dispose();

    [Theory]
    [InlineData("a.md")]
    [InlineData("folder/ö 😀.md")]
    [InlineData("missing.md")]
    [InlineData("missing/a.md")]
    [InlineData("a.md/b")]
    [InlineData("folder")]
    public void Find_AnyPath_IsAsThePathAloneSays(string relative)
    {
        _home.Write("skills/a.md", "text");
        _home.Write("skills/folder/ö 😀.md", "longer text");
        var path = Below(relative);
        using var folder = OpenFolder.Open(new FileSystem(), _home.Home.SkillsFolder);

        Assert.Equal(FileStamp.FindFile(new FileSystem(), path.Full), folder.FindFile(path));
        Assert.Equal(FileStamp.FindFolder(new FileSystem(), path.Full), folder.FindFolder(path));
    }

    [Fact]
    public void FindFolder_TheFolderItself_IsFound()
    {
        Directory.CreateDirectory(_home.Home.SkillsFolder);
        using var folder = OpenFolder.Open(new FileSystem(), _home.Home.SkillsFolder);

        Assert.NotNull(folder.FindFolder(Below("")));
    }

    [Fact]
    public void Find_MissingFolder_FindsNothing()
    {
        using var folder = OpenFolder.Open(new FileSystem(), _home.Home.SkillsFolder);

        Assert.Null(folder.FindFolder(Below("")));
        Assert.Null(folder.FindFile(Below("a.md")));
    }

    [Fact]
    public void FindFile_FileThatGrows_HasAnotherStamp()
    {
        _home.Write("skills/a.md", "text");
        using var folder = OpenFolder.Open(new FileSystem(), _home.Home.SkillsFolder);
        var before = folder.FindFile(Below("a.md"));

        _home.Write("skills/a.md", "more text");

        Assert.Equal((4, 9), (before!.Value.Length, folder.FindFile(Below("a.md"))!.Value.Length));
    }

    [Fact]
    public void Find_OtherFileSystem_IsAskedByPath()
    {
        var root = OperatingSystem.IsWindows() ? @"C:\skills" : "/skills";
        var files = new MockFileSystem();
        files.AddFile(files.Path.Join(root, "a.md"), new MockFileData("text"));
        using var folder = OpenFolder.Open(files, root);

        Assert.Equal(4, folder.FindFile(new PathBelow(files.Path.Join(root, "a.md"), "a.md"))!.Value.Length);
        Assert.NotNull(folder.FindFolder(new PathBelow(root, "")));
    }

    private PathBelow Below(string relative) => new(Path.Join(_home.Home.SkillsFolder, relative), relative);
}
