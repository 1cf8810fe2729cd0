using System.IO.Abstractions;
using System.Runtime.Versioning;
using Hermes.Core.IO;
using Hermes.Core.Tests.Support;
using Hermes.Testing;

namespace Hermes.Core.Tests.IO;

[SupportedOSPlatform("linux")]
public sealed class AtomicFileTests : IDisposable
{
    private readonly TemporaryHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task WriteAsync_FileThatSomebodyReads_LeavesTheReaderWithTheOldContent()
    {
        _home.Write("a.txt", "old");
        using var reader = new StreamReader(new FileStream(InHome("a.txt"), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));

        await WriteAsync("a.txt", "new");

        Assert.Equal("old", await reader.ReadToEndAsync());
        Assert.Equal("new", await File.ReadAllTextAsync(InHome("a.txt")));
    }

    [LinuxFact]
    public async Task WriteAsync_LinksThroughLinkedFolders_ReplaceTheFileInItsOwnFolderAndStay()
    {
        const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;
        _home.Write("real/deep/a.txt", "old");
        File.SetUnixFileMode(InHome("real/deep/a.txt"), Mode);
        File.CreateSymbolicLink(InHome("folder"), "real/deep");
        File.CreateSymbolicLink(InHome("real/deep/step.txt"), "../deep/a.txt");
        File.CreateSymbolicLink(InHome("a.txt"), "folder/step.txt");

        await WriteAsync("a.txt", "new");

        Assert.Equal("new", await File.ReadAllTextAsync(InHome("real/deep/a.txt")));
        Assert.Null(new FileInfo(InHome("real/deep/a.txt")).LinkTarget);
        Assert.Equal(Mode, File.GetUnixFileMode(InHome("real/deep/a.txt")));
        Assert.Equal("folder/step.txt", new FileInfo(InHome("a.txt")).LinkTarget);
        Assert.Equal("../deep/a.txt", new FileInfo(InHome("real/deep/step.txt")).LinkTarget);
        Assert.Equal(["a.txt", "step.txt"], Names("real/deep"));
    }

    [LinuxFact]
    public async Task WriteAsync_NewFile_IsItsOwnersAlone()
    {
        await WriteAsync("a.txt", "new");

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(InHome("a.txt")));
    }

    [LinuxTheory]
    [InlineData("pipe", "a pipe or a device")]
    [InlineData("link to pipe", "a pipe or a device")]
    [InlineData("folder", "a folder")]
    [InlineData("link to folder", "a folder")]
    [InlineData("dangling", "a link that leads nowhere")]
    [InlineData("circle", "a link that leads nowhere")]
    public async Task WriteAsync_NoRegularFile_IsRefusedAndChangesNothing(string what, string expected)
    {
        IrregularFile.Create(InHome("a.txt"), what);
        var names = Names("");

        var exception = await Assert.ThrowsAsync<NotRegularFileException>(() => WriteAsync("a.txt", "new").WaitAsync(TimeSpan.FromSeconds(30)));

        Assert.Equal(expected, exception.What);
        Assert.Equal(names, Names(""));
    }

    private Task<bool> WriteAsync(string name, string text) =>
        AtomicFile.WriteAsync(new FileSystem(), InHome(name), System.Text.Encoding.UTF8.GetBytes(text), CancellationToken.None);

    private List<string?> Names(string folder) =>
        [.. Directory.EnumerateFileSystemEntries(InHome(folder)).Select(Path.GetFileName).Order(StringComparer.Ordinal)];

    private string InHome(string name) => Path.Join(_home.Path, name);
}
