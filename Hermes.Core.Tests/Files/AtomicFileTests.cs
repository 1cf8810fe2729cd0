using System.IO.Abstractions;
using Hermes.Core.Files;
using Hermes.Core.Testing;

namespace Hermes.Core.Tests.Files;

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

    [Fact]
    public async Task WriteAsync_LinkToAFileThatIsNotThere_CreatesIt()
    {
        File.CreateSymbolicLink(InHome("a.txt"), "b.txt");

        await WriteAsync("a.txt", "new");

        Assert.Equal("new", await File.ReadAllTextAsync(InHome("b.txt")));
        Assert.Equal("b.txt", new FileInfo(InHome("a.txt")).LinkTarget);
    }

    [Fact]
    public async Task WriteAsync_LinksInACircle_ThrowAndStay()
    {
        File.CreateSymbolicLink(InHome("a.txt"), "b.txt");
        File.CreateSymbolicLink(InHome("b.txt"), "a.txt");

        await Assert.ThrowsAnyAsync<IOException>(() => WriteAsync("a.txt", "new"));

        Assert.Equal(2, Directory.GetFileSystemEntries(_home.Path).Length);
    }

    [Fact]
    public async Task WriteAsync_FolderInPlaceOfTheFile_ThrowsAndLeavesNothingBehind()
    {
        Directory.CreateDirectory(InHome("a.txt"));

        var exception = await Record.ExceptionAsync(() => WriteAsync("a.txt", "new"));

        Assert.True(exception is IOException or UnauthorizedAccessException);
        Assert.Single(Directory.GetFileSystemEntries(_home.Path));
    }

    private Task<bool> WriteAsync(string name, string text) =>
        AtomicFile.WriteAsync(new FileSystem(), InHome(name), System.Text.Encoding.UTF8.GetBytes(text), CancellationToken.None);

    private string InHome(string name) => Path.Join(_home.Path, name);
}
