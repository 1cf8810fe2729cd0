using Hermes.Core.Http.Endpoints;

namespace Hermes.Core.Tests.Http;

public class TurnHeadersTests
{
    [Theory]
    [InlineData("plain-id_1", "plain-id_1")]
    [InlineData("a b/c", "a b/c")]
    [InlineData("100%", "100%")]
    [InlineData("a%20b", "a%20b")]
    [InlineData("%zz%", "%zz%")]
    [InlineData("zażółć", "za%C5%BC%C3%B3%C5%82%C4%87")]
    [InlineData("会话 1", "%E4%BC%9A%E8%AF%9D%201")]
    [InlineData("\U0001F600", "%F0%9F%98%80")]
    [InlineData("é%", "%C3%A9%25")]
    [InlineData("%C3%A9", "%25C3%25A9")]
    [InlineData("%25C3%25A9", "%2525C3%2525A9")]
    [InlineData("%c3%a9", "%c3%a9")]
    public void Encode_AnyId_IsAsciiAndReadBack(string id, string header)
    {
        Assert.Equal(header, TurnHeaders.Encode(id));
        Assert.Equal(id, TurnHeaders.Decode(header));
    }

    [Theory]
    [InlineData("é")]
    [InlineData("a%0Ab")]
    [InlineData("%C3")]
    [InlineData("%FF")]
    public void Decode_WhatNobodyWrote_StandsForItself(string text) => Assert.Equal(text, TurnHeaders.Decode(text));

    [Fact]
    public void Decode_EscapesWithoutEnd_AreLeftAlone()
    {
        var text = "%" + string.Concat(Enumerable.Repeat("25", 15_000)) + "C3";

        Assert.Equal(text, TurnHeaders.Decode(text));
    }
}
