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
    [InlineData("ö 😀.md")]
    [InlineData("missing.md")]
    [InlineData("folder")]
    [InlineData("link.md")]
    [InlineData("broken-link.md")]
    public void FindFile_AnyName_IsAsThePathSays(string name)
    {
        _home.Write("skills/a.md", "text");
        _home.Write("skills/ö 😀.md", "longer text");
        _home.Write("skills/folder/b.md", "other text");
        File.CreateSymbolicLink(Path.Join(_home.Home.SkillsFolder, "link.md"), "folder/b.md");
        File.CreateSymbolicLink(Path.Join(_home.Home.SkillsFolder, "broken-link.md"), "nothing.md");
        using var folder = OpenFolder.Open(new FileSystem(), _home.Home.SkillsFolder);

        Assert.Equal(FileStamp.FindFile(new FileSystem(), Path.Join(_home.Home.SkillsFolder, name)), folder.FindFile(name));
    }

    [Theory]
    [InlineData("skills")]
    [InlineData("missing")]
    [InlineData("a.md")]
    public void Find_AnyPath_IsAsThePathSays(string relative)
    {
        Directory.CreateDirectory(_home.Home.SkillsFolder);
        _home.Write("a.md", "text");
        var path = Path.Join(_home.Home.Path, relative);
        using var folder = OpenFolder.Open(new FileSystem(), path);

        Assert.Equal(FileStamp.FindFolder(new FileSystem(), path), folder.Find());
    }

    [Fact]
    public void FindFile_NameThatIsTooLong_FindsNothing()
    {
        Directory.CreateDirectory(_home.Home.SkillsFolder);
        using var folder = OpenFolder.Open(new FileSystem(), _home.Home.SkillsFolder);

        Assert.Null(folder.FindFile(new string('ö', 128)));
    }

    [Fact]
    public void FindFile_MissingFolder_FindsNothing()
    {
        using var folder = OpenFolder.Open(new FileSystem(), _home.Home.SkillsFolder);

        Assert.Null(folder.FindFile("a.md"));
    }

    [Fact]
    public void FindFile_FileThatGrows_HasAnotherStamp()
    {
        _home.Write("skills/a.md", "text");
        using var folder = OpenFolder.Open(new FileSystem(), _home.Home.SkillsFolder);
        var before = folder.FindFile("a.md");

        _home.Write("skills/a.md", "more text");

        Assert.Equal((4, 9), (before!.Value.Length, folder.FindFile("a.md")!.Value.Length));
    }

    [Fact]
    public void Find_ManyMoreThanAreKeptOpen_FindsAll()
    {
        Directory.CreateDirectory(_home.Home.SkillsFolder);
        var folders = Enumerable.Range(0, 600).Select(_ => OpenFolder.Open(new FileSystem(), _home.Home.SkillsFolder)).ToList();

        Assert.All(folders, folder => Assert.NotNull(folder.Find()));
        folders.ForEach(folder => folder.Dispose());
    }

    [Fact]
    public void Find_OtherFileSystem_IsAskedByPath()
    {
        var root = OperatingSystem.IsWindows() ? @"C:\skills" : "/skills";
        var files = new MockFileSystem();
        files.AddFile(files.Path.Join(root, "a.md"), new MockFileData("text"));
        using var folder = OpenFolder.Open(files, root);

        Assert.Equal(4, folder.FindFile("a.md")!.Value.Length);
        Assert.NotNull(folder.Find());
    }
}
