using Hermes.Core.Memory;

namespace Hermes.Core.Tests.Memory;

public class MemoryDocumentTests
{
    [Theory]
    [InlineData("", new string[0])]
    [InlineData(" \n\t ", new string[0])]
    [InlineData("one", new[] { "one" })]
    [InlineData("one\n§\ntwo\nlines\n§\nthree\n", new[] { "one", "two\nlines", "three" })]
    [InlineData("one\n§\n\n§\n  \n§\ntwo", new[] { "one", "two" })]
    [InlineData("one\n§\ntwo\n§\n one ", new[] { "one", "two" })]
    [InlineData("a § b\n§§\nc", new[] { "a § b\n§§\nc" })]
    [InlineData("One\n§\none", new[] { "One", "one" })]
    [InlineData("\uFEFFone\n§\n\uFEFFtwo", new[] { "one", "\uFEFFtwo" })]
    public void Split_Text_GivesTrimmedDistinctEntries(string text, string[] expected) =>
        Assert.Equal(expected, MemoryDocument.Split(text));

    [Theory]
    [InlineData("\u001C\u001D\u001E\u001Fx\u001F", "x")]
    [InlineData("\u0085\u00A0\u3000x\u2028", "x")]
    [InlineData("\uFEFFx\u200B", "\uFEFFx\u200B")]
    public void Trim_UnicodeWhiteSpace_IsWhatPythonStrips(string text, string expected) => Assert.Equal(expected, MemoryDocument.Trim(text));

    [Fact]
    public void Join_EntriesOfSplit_SplitsAgain() =>
        Assert.Equal(["a", "b\nc"], MemoryDocument.Split(MemoryDocument.Join(["a", "b\nc"])));

    [Theory]
    [InlineData("", 0)]
    [InlineData("né", 2)]
    [InlineData("🚀🚀", 2)]
    public void CountCodePoints_Text_CountsAsPythonDoes(string text, int expected) => Assert.Equal(expected, MemoryDocument.CountCodePoints(text));
}
