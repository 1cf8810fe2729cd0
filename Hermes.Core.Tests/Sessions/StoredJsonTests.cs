using System.Text;
using Hermes.Core.Sessions;

namespace Hermes.Core.Tests.Sessions;

public class StoredJsonTests
{
    [Theory]
    [InlineData("""[{"id": "c1", "n": 12345678901234567890, "f": 1e+22}]""")]
    [InlineData("\"text\"")]
    [InlineData("null")]
    [InlineData(" {} ")]
    [InlineData("""{"a": 1, "a": 2}""")]
    [InlineData("""["\ud83d\ude00", "\u00e9\n", "\\ud83d"]""")]
    public void IsValid_Json_IsHandedOn(string json) => Assert.True(StoredJson.IsValid(Encoding.UTF8.GetBytes(json)));

    [Theory]
    [InlineData("")]
    [InlineData("{not json")]
    [InlineData("[1] 2")]
    [InlineData("""{"nan": NaN}""")]
    [InlineData("""[Infinity]""")]
    [InlineData("""["\ud83d"]""")]
    [InlineData("""["\ude00\ud83d"]""")]
    [InlineData("""{"\ud83d!": 1}""")]
    public void IsValid_WhatSomeParserRefuses_IsNoJson(string text) => Assert.False(StoredJson.IsValid(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void IsValid_BytesThatAreNoUtf8_AreNoJson() => Assert.False(StoredJson.IsValid([(byte)'"', 0xFF, (byte)'"']));

    [Theory]
    [InlineData(StoredJson.MaxDepth, true)]
    [InlineData(StoredJson.MaxDepth + 1, false)]
    [InlineData(100_000, false)]
    public void IsValid_Depth_IsBounded(int depth, bool valid) =>
        Assert.Equal(valid, StoredJson.IsValid(Encoding.UTF8.GetBytes(new string('[', depth) + new string(']', depth))));
}
