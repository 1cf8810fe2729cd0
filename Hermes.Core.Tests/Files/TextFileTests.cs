using System.IO.Abstractions.TestingHelpers;
using System.Text;
using Hermes.Core.Files;

namespace Hermes.Core.Tests.Files;

public class TextFileTests
{
    [Theory]
    [InlineData("abc", 3, "abc", false)]
    [InlineData("abc", 2, "ab", true)]
    [InlineData("aé", 2, "a", true)]
    [InlineData("a🚀b", 4, "a", true)]
    [InlineData("a🚀b", 5, "a🚀", true)]
    [InlineData("", 2, "", false)]
    public async Task Read_LongerThanAllowed_IsCutBetweenCharacters(string written, int maxBytes, string expected, bool isCut)
    {
        var fileSystem = new MockFileSystem();
        fileSystem.AddFile("/x", new MockFileData(written, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)));

        var file = TextFile.Read(fileSystem, "/x", maxBytes);

        Assert.Equal(new TextFile(expected, IsValid: true, isCut), file);
        Assert.Equal(file, await TextFile.ReadAsync(fileSystem, "/x", maxBytes, CancellationToken.None));
    }

    [Fact]
    public void Read_BytesThatAreNotUtf8_SaysSo()
    {
        var fileSystem = new MockFileSystem();
        fileSystem.AddFile("/x", new MockFileData([0x61, 0xFF]));

        Assert.Equal(new TextFile("a\uFFFD", IsValid: false, IsCut: false), TextFile.Read(fileSystem, "/x", 10));
    }
}
