using System.IO.Abstractions;
using System.IO.Abstractions.TestingHelpers;
using Hermes.Core.Memory;
using Hermes.Core.Tests.Support;
using Hermes.Testing;

namespace Hermes.Core.Tests.Memory;

public sealed class MemoryReaderTests : IDisposable
{
    private static readonly DateTime LongAgo = new(2020, 1, 2, 3, 4, 5, DateTimeKind.Utc);

    private readonly TemporaryHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task ReadAsync_EmptyHome_HasNoTextsAndCreatesNothing()
    {
        var snapshot = await Reader().ReadAsync();

        Assert.Null(snapshot.Memory.Text);
        Assert.Null(snapshot.User.Text);
        Assert.Empty(snapshot.Memory.Entries);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_home.Path));
    }

    [Fact]
    public async Task ReadAsync_BothFiles_GivesTextsEntriesAndLengths()
    {
        _home.Write("memories/MEMORY.md", "Likes tea\n§\nLives in 東京 🚀\n§\nLikes tea\n").Write("memories/USER.md", "");

        var snapshot = await Reader().ReadAsync();

        Assert.Equal("Likes tea\n§\nLives in 東京 🚀\n§\nLikes tea\n", snapshot.Memory.Text);
        Assert.Equal(["Likes tea", "Lives in 東京 🚀"], snapshot.Memory.Entries);
        Assert.Equal(9 + 3 + 13, snapshot.Memory.Length);
        Assert.Equal("", snapshot.User.Text);
        Assert.Empty(snapshot.User.Entries);
    }

    [Theory]
    [InlineData("a\r\n§\r\nb\rc", "a\n§\nb\nc")]
    [InlineData("\uFEFFbom", "\uFEFFbom")]
    [InlineData("a\u2028b\u0085c\fd", "a\u2028b\u0085c\fd")]
    public async Task ReadAsync_LineEndsAndMarks_AreReadAsPythonDoes(string written, string expected)
    {
        _home.Write("memories/USER.md", written);

        Assert.Equal(expected, (await Reader().ReadAsync()).User.Text);
    }

    [Fact]
    public async Task ReadAsync_BytesThatAreNotUtf8_StandAsReplacementCharacters()
    {
        _home.Write("memories/MEMORY.md", "");
        await File.WriteAllBytesAsync(Memories("MEMORY.md"), [0x63, 0x61, 0x66, 0xE9, 0x0A]);

        Assert.Equal("caf\uFFFD\n", (await Reader().ReadAsync()).Memory.Text);
    }

    [Fact]
    public async Task ReadAsync_LinkToFile_FollowsItsTarget()
    {
        _home.Write("dotfiles/memory.md", "first").Write("memories/USER.md", "");
        File.CreateSymbolicLink(Memories("MEMORY.md"), "../dotfiles/memory.md");
        var reader = Reader();
        Assert.Equal("first", (await reader.ReadAsync()).Memory.Text);

        _home.Write("dotfiles/memory.md", "second, longer");

        Assert.Equal("second, longer", (await reader.ReadAsync()).Memory.Text);
    }

    [LinuxTheory]
    [InlineData("MEMORY.md", "folder", "a folder")]
    [InlineData("USER.md", "pipe", "a pipe or a device")]
    [InlineData("MEMORY.md", "link to pipe", "a pipe or a device")]
    [InlineData("MEMORY.md", "link to folder", "a folder")]
    [InlineData("MEMORY.md", "dangling", "a link that leads nowhere")]
    [InlineData("USER.md", "circle", "a link that leads nowhere")]
    public async Task ReadAsync_NoRegularFile_SaysSoAtOnceWithoutAPath(string fileName, string what, string expected)
    {
        _home.Write("memories/OTHER.md", "");
        IrregularFile.Create(Memories(fileName), what);

        var exception = await Assert.ThrowsAsync<MemoryUnavailableException>(() => Reader().ReadAsync().WaitAsync(TimeSpan.FromSeconds(30)));

        Assert.Equal($"{fileName} cannot be read: it is {expected}; put a file in its place", exception.Message);
    }

    [Fact]
    public async Task ReadAsync_FolderIsALinkToNothing_SaysSo()
    {
        File.CreateSymbolicLink(_home.Home.MemoriesFolder, "nowhere");

        var exception = await Assert.ThrowsAsync<MemoryUnavailableException>(() => Reader().ReadAsync());

        Assert.Contains("leads nowhere", exception.Message);
    }

    [LinuxTheory]
    [InlineData("soft")]
    [InlineData("soft, twice")]
    [InlineData("soft, to another .env")]
    [InlineData("hard")]
    public async Task ReadAsync_LeadsToAnEnvFile_IsNotShown(string link)
    {
        _home.Write(".env", "KEY=secret").Write("elsewhere/.env.local", "KEY=secret").Write("memories/OTHER.md", "");
        switch (link)
        {
            case "soft":
                File.CreateSymbolicLink(Memories("MEMORY.md"), "../.env");
                break;
            case "soft, twice":
                File.CreateSymbolicLink(Memories("step.md"), "../.env");
                File.CreateSymbolicLink(Memories("MEMORY.md"), "step.md");
                break;
            case "soft, to another .env":
                File.CreateSymbolicLink(Memories("MEMORY.md"), Path.Join(_home.Path, "elsewhere/.env.local"));
                break;
            default:
                await PythonScript.RunAsync("import os, sys; os.link(sys.argv[1], sys.argv[2])", _home.Home.EnvironmentFile, Memories("MEMORY.md"));
                break;
        }

        var exception = await Assert.ThrowsAsync<MemoryUnavailableException>(() => Reader().ReadAsync());

        Assert.Contains(".env", exception.Message);
        var writer = new MemoryWriter(_home.Home, new FileSystem());
        await Assert.ThrowsAsync<MemoryUnavailableException>(() => writer.AddAsync(MemoryTarget.Memory, "x"));
        Assert.Equal("KEY=secret", await File.ReadAllTextAsync(_home.Home.EnvironmentFile));
    }

    [Fact]
    public async Task ReadAsync_ByteOrderMark_IsPartOfTheTextAndOfNoEntry()
    {
        _home.Write("memories/MEMORY.md", "\uFEFFone\n§\ntwo");

        var memory = (await Reader().ReadAsync()).Memory;

        Assert.Equal("\uFEFFone\n§\ntwo", memory.Text);
        Assert.Equal(["one", "two"], memory.Entries);
        Assert.Equal(9, memory.Length);
    }

    [LinuxFact]
    public async Task ReadAsync_OtherFileOfTheSameLengthAndTime_IsSeen()
    {
        _home.Write("memories/MEMORY.md", "aaaa").Write("memories/new.md", "bbbb");
        File.SetLastWriteTimeUtc(Memories("MEMORY.md"), LongAgo);
        File.SetLastWriteTimeUtc(Memories("new.md"), LongAgo);
        var reader = Reader();
        Assert.Equal("aaaa", (await reader.ReadAsync()).Memory.Text);

        File.Move(Memories("new.md"), Memories("MEMORY.md"), overwrite: true);

        Assert.Equal("bbbb", (await reader.ReadAsync()).Memory.Text);
    }

    [Fact]
    public async Task ReadAsync_NothingChanged_GivesTheSameSnapshot()
    {
        _home.Write("memories/MEMORY.md", "fresh").Write("memories/USER.md", "old");
        File.SetLastWriteTimeUtc(Memories("USER.md"), LongAgo);
        var reader = Reader();

        Assert.Same(await reader.ReadAsync(), await reader.ReadAsync());
    }

    [Fact]
    public async Task ReadAsync_SameLengthWrittenAtOnce_IsSeen()
    {
        var reader = Reader();
        for (var round = 0; round < 10; round++)
        {
            _home.Write("memories/MEMORY.md", $"round {round}");
            Assert.Equal($"round {round}", (await reader.ReadAsync()).Memory.Text);
        }
    }

    [LinuxFact]
    public async Task ReadAsync_WrittenInPlaceWithItsTimeSetBack_IsSeen()
    {
        _home.Write("memories/MEMORY.md", "aaaa");
        File.SetLastWriteTimeUtc(Memories("MEMORY.md"), LongAgo);
        var reader = Reader();
        await reader.ReadAsync();

        _home.Write("memories/MEMORY.md", "bbbb");
        File.SetLastWriteTimeUtc(Memories("MEMORY.md"), LongAgo);

        Assert.Equal("bbbb", (await reader.ReadAsync()).Memory.Text);
    }

    [Fact]
    public async Task ReadAsync_FileDeleted_HasNoText()
    {
        _home.Write("memories/MEMORY.md", "x");
        var reader = Reader();
        await reader.ReadAsync();

        File.Delete(Memories("MEMORY.md"));

        Assert.Null((await reader.ReadAsync()).Memory.Text);
    }

    [Fact]
    public async Task ReadAsync_FileThatCannotBeOpened_SaysWhichWithoutAPath()
    {
        var fileSystem = new MockFileSystem();
        fileSystem.AddFile(Memories("USER.md"), new MockFileData("x") { AllowedFileShare = FileShare.None });

        var exception = await Assert.ThrowsAsync<MemoryUnavailableException>(() => new MemoryReader(_home.Home, fileSystem).ReadAsync());

        Assert.Contains("USER.md", exception.Message);
        Assert.DoesNotContain(_home.Path, exception.Message);
        Assert.NotNull(exception.InnerException);
    }

    [Fact]
    public async Task ReadAsync_HugeFile_SaysToShortenIt()
    {
        _home.Write("memories/MEMORY.md", new string('x', (16 * 1024 * 1024) + 1));

        var exception = await Assert.ThrowsAsync<MemoryUnavailableException>(() => Reader().ReadAsync());

        Assert.Equal("MEMORY.md is larger than 16 MB: shorten it", exception.Message);
    }

    [Theory]
    [InlineData("", 2200, 1375)]
    [InlineData("memory: {memory_char_limit: 5000, user_char_limit: 10}", 5000, 10)]
    [InlineData("memory: {memory_char_limit: many, user_char_limit: 0}", 2200, 1375)]
    [InlineData("memory: {memory_char_limit: -1, user_char_limit: 99999999999}", 2200, 1375)]
    [InlineData("memory: [5000]", 2200, 1375)]
    public async Task ReadAsync_Limits_ComeFromConfigElseDefaults(string config, int memoryLimit, int userLimit)
    {
        _home.Write("config.yaml", config);

        var snapshot = await Reader().ReadAsync();

        Assert.Equal((memoryLimit, userLimit), (snapshot.Memory.Limit, snapshot.User.Limit));
    }

    [Fact]
    public async Task ReadAsync_FileWrittenAnewWithTheSameText_GivesTheSameObject()
    {
        _home.Write("memories/MEMORY.md", "a");
        var reader = Reader();
        var before = await reader.ReadAsync();

        File.SetLastWriteTimeUtc(Memories("MEMORY.md"), LongAgo);

        Assert.Same(before, await reader.ReadAsync());
    }

    private MemoryReader Reader() => new(_home.Home, new FileSystem());

    private string Memories(string fileName) => Path.Join(_home.Home.MemoriesFolder, fileName);
}
