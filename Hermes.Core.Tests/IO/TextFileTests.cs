using System.IO.Abstractions;
using System.IO.Abstractions.TestingHelpers;
using System.Text;
using Hermes.Core.IO;
using Hermes.Testing;

namespace Hermes.Core.Tests.IO;

public class TextFileTests
{
    [Theory]
    [InlineData("abc", 3, "abc", false)]
    [InlineData("abc", 2, "ab", true)]
    [InlineData("aé", 2, "a", true)]
    [InlineData("a🚀b", 4, "a", true)]
    [InlineData("a🚀b", 5, "a🚀", true)]
    [InlineData("", 2, "", false)]
    public void Read_LongerThanAllowed_IsCutBetweenCharacters(string written, int maxBytes, string expected, bool isCut)
    {
        var fileSystem = new MockFileSystem();
        fileSystem.AddFile("/x", new MockFileData(written, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)));

        var file = TextFile.Read(fileSystem, "/x", maxBytes);

        Assert.Equal(new TextFile(expected, IsValid: true, isCut), file);
    }

    [Fact]
    public void Read_BytesThatAreNotUtf8_SaysSo()
    {
        var fileSystem = new MockFileSystem();
        fileSystem.AddFile("/x", new MockFileData([0x61, 0xFF]));

        Assert.Equal(new TextFile("a\uFFFD", IsValid: false, IsCut: false), TextFile.Read(fileSystem, "/x", 10));
    }

    [Theory]
    [InlineData(0, 1000)]
    [InlineData(65535, 1000_000)]
    [InlineData(65536, 1000_000)]
    [InlineData(65537, 1000_000)]
    [InlineData(400_000, 1000_000)]
    [InlineData(400_000, 400_000)]
    [InlineData(400_000, 399_999)]
    [InlineData(70_000, 65_536)]
    public void Read_FileOfTheMachine_IsTheSameAsThroughTheAbstraction(int length, int maxBytes)
    {
        using var home = new TemporaryHome();
        home.Write("x", string.Concat(Enumerable.Repeat("aé\r\n", (length / 5) + 1))[..(length * 4 / 5)]);
        var path = Path.Join(home.Path, "x");
        var inMemory = new MockFileSystem();
        inMemory.AddFile("/x", new MockFileData(File.ReadAllBytes(path)));

        Assert.Equal(TextFile.Read(inMemory, "/x", maxBytes), TextFile.Read(new FileSystem(), path, maxBytes));
    }

    [Theory]
    [InlineData("missing")]
    [InlineData("file/below")]
    public void Read_NothingThere_SaysSo(string path)
    {
        using var home = new TemporaryHome();
        home.Write("file", "");

        var exception = Record.Exception(() => TextFile.Read(new FileSystem(), Path.Join(home.Path, path), 10));

        Assert.True(exception is FileNotFoundException or DirectoryNotFoundException);
    }

    [Fact]
    public void Read_Folder_IsRefused()
    {
        using var home = new TemporaryHome();

        Assert.Throws<UnauthorizedAccessException>(() => TextFile.Read(new FileSystem(), home.Path, 10));
    }
}
