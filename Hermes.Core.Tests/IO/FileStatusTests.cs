using System.IO.Abstractions;
using System.IO.Abstractions.TestingHelpers;
using Hermes.Core.IO;
using Hermes.Core.Tests.Support;
using Hermes.Testing;

namespace Hermes.Core.Tests.IO;

public sealed class FileStatusTests : IDisposable
{
    private static readonly DateTime LongAgo = new(2020, 1, 2, 3, 4, 5, DateTimeKind.Utc);

    private readonly TemporaryHome _home = new();
    private readonly FileSystem _real = new();

    // Another type than the real file system's own, so that it is asked through the abstraction.
    private readonly OtherFileSystem _portable = new();

    public void Dispose() => _home.Dispose();

    [Theory]
    [InlineData("file")]
    [InlineData("empty")]
    [InlineData("folder")]
    [InlineData("old")]
    [InlineData("link to file")]
    [InlineData("link to folder")]
    [InlineData("link to link")]
    [InlineData("link to nothing")]
    [InlineData("circle")]
    [InlineData("link to folder/inside")]
    [InlineData("file/below")]
    [InlineData("missing")]
    [InlineData("missing/below")]
    [InlineData("pipe")]
    [InlineData("naïve 🚀")]
    public void Find_AnyEntry_IsTheSameAsThroughTheAbstraction(string name)
    {
        Make();
        var path = Path.Join(_home.Path, name);

        var found = FileStatus.Find(_real, path);

        // .NET gives no numbers and no time of change, and takes a pipe for an empty file.
        Assert.Equal(
            FileStatus.Find(_portable, path),
            found is { } status ? new FileStatus(!status.IsFolder, status.IsFolder, status.Length, status.LastWrite) : null);
    }

    [LinuxFact]
    public void Find_FileReplacedByOneOfTheSameLengthAndTime_IsAnotherStatus()
    {
        _home.Write("file", "abc").Write("other", "xyz");
        var path = Path.Join(_home.Path, "file");
        File.SetLastWriteTimeUtc(path, LongAgo);
        File.SetLastWriteTimeUtc(Path.Join(_home.Path, "other"), LongAgo);
        var before = FileStatus.Find(_real, path);

        File.Move(Path.Join(_home.Path, "other"), path, overwrite: true);

        var after = FileStatus.Find(_real, path);
        Assert.Equal((before!.Value.Length, before.Value.LastWrite), (after!.Value.Length, after.Value.LastWrite));
        Assert.NotEqual(before, after);
    }

    [LinuxFact]
    public void Find_FileWrittenWithItsTimeSetBack_IsAnotherStatus()
    {
        _home.Write("file", "abc");
        var path = Path.Join(_home.Path, "file");
        File.SetLastWriteTimeUtc(path, LongAgo);
        var before = FileStatus.Find(_real, path);

        _home.Write("file", "xyz");
        File.SetLastWriteTimeUtc(path, LongAgo);

        Assert.NotEqual(before, FileStatus.Find(_real, path));
    }

    [LinuxTheory]
    [InlineData("folder", "a folder")]
    [InlineData("pipe", "a pipe or a device")]
    [InlineData("link to nothing", "a link that leads nowhere")]
    [InlineData("circle", "a link that leads nowhere")]
    public void FindRegularFile_WhatIsNone_SaysWhatItIs(string name, string what)
    {
        Make();

        var exception = Assert.Throws<NotRegularFileException>(() => FileStatus.FindRegularFile(_real, Path.Join(_home.Path, name)));

        Assert.Equal(what, exception.What);
        Assert.DoesNotContain(_home.Path, exception.Message);
    }

    [LinuxFact]
    public void FindRegularFile_FileLinkAndNothing_AreNoErrors()
    {
        Make();

        Assert.Equal(3, FileStatus.FindRegularFile(_real, Path.Join(_home.Path, "link to link"))!.Value.Length);
        Assert.Null(FileStatus.FindRegularFile(_real, Path.Join(_home.Path, "missing")));
    }

    [Fact]
    public void Find_FilesAndFolders_AreToldApart()
    {
        Make();

        Assert.Equal(3, FileStatus.FindFile(_real, Path.Join(_home.Path, "link to link"))!.Value.Length);
        Assert.NotNull(FileStatus.FindFolder(_real, Path.Join(_home.Path, "link to folder")));
        Assert.Null(FileStatus.FindFile(_real, Path.Join(_home.Path, "folder")));
        Assert.Null(FileStatus.FindFolder(_real, Path.Join(_home.Path, "file")));
        Assert.Null(FileStatus.FindFile(_real, Path.Join(_home.Path, "circle")));
    }

    [Fact]
    public void FindFile_NameTooLong_CannotBeLookedAt()
    {
        var path = Path.Join(_home.Path, new string('x', 300));

        Assert.ThrowsAny<IOException>(() => FileStatus.FindFile(_portable, path));
        Assert.ThrowsAny<IOException>(() => FileStatus.FindFile(_real, path));
    }

    [Fact]
    public void FindFile_FolderAboveThatMayNotBeEntered_CannotBeLookedAt()
    {
        // Nothing is closed to the superuser, and Windows has other rights.
        if (OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess) return;

        _home.Write("closed/file", "");
        var folder = Path.Join(_home.Path, "closed");
        File.SetUnixFileMode(folder, UnixFileMode.None);
        try
        {
            Assert.Throws<UnauthorizedAccessException>(() => FileStatus.FindFile(_portable, Path.Join(folder, "file")));
            Assert.Throws<UnauthorizedAccessException>(() => FileStatus.FindFile(_real, Path.Join(folder, "file")));
        }
        finally
        {
            File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    [Fact]
    public void Find_InMemory_AsksTheAbstraction()
    {
        var fileSystem = new MockFileSystem();
        fileSystem.AddFile("/folder/file", new MockFileData("abc") { LastWriteTime = new(2020, 1, 2, 3, 4, 5, TimeSpan.Zero) });

        Assert.Equal(new FileStatus(IsRegularFile: true, IsFolder: false, 3, LongAgo), FileStatus.FindFile(fileSystem, "/folder/file"));
        Assert.NotNull(FileStatus.FindFolder(fileSystem, "/folder"));
        Assert.Null(FileStatus.FindFolder(fileSystem, "/folder/file"));
    }

    private void Make()
    {
        _home.Write("file", "abc").Write("empty", "").Write("folder/inside", "x").Write("old", "").Write("naïve 🚀", "text");
        File.SetLastWriteTimeUtc(Path.Join(_home.Path, "old"), new(1912, 3, 4, 5, 6, 7, DateTimeKind.Utc));
        Link("link to file", "file");
        Link("link to folder", "folder");
        Link("link to link", "link to file");
        Link("link to nothing", "nothing");
        Link("circle", "circle");
        NamedPipe.Create(Path.Join(_home.Path, "pipe"));
    }

    private void Link(string name, string target) => File.CreateSymbolicLink(Path.Join(_home.Path, name), target);

    private sealed class OtherFileSystem : FileSystem;
}
