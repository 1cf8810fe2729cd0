using System.Text.Json;
using Hermes.Core.Chat;
using Hermes.Core.Sessions;
using Microsoft.Extensions.AI;

namespace Hermes.Core.Tests.Chat;

public class ChatHistoryTests
{
    private const string TwoCalls =
        """[{"id":"a","type":"function","function":{"name":"f","arguments":"{\"x\":1}"}},{"id":"b","function":{"name":"g","arguments":{"y":[2]}}}]""";

    [Fact]
    public void Build_CallsWithResults_GoTogether()
    {
        var messages = ChatHistory.Build([User("q"), Assistant("let me see", TwoCalls), Tool("a", "1"), Tool("b", "2"), Assistant("done")]);

        Assert.Equal([ChatRole.User, ChatRole.Assistant, ChatRole.Tool, ChatRole.Assistant], messages.Select(message => message.Role));
        Assert.Equal("let me see", messages[1].Text);
        var calls = messages[1].Contents.OfType<FunctionCallContent>().ToList();
        Assert.Equal([("a", "f"), ("b", "g")], calls.Select(call => (call.CallId, call.Name)));
        Assert.Equal("""{"x":1}""", ToolCallJson.ArgumentsText(calls[0]));
        Assert.Equal("""{"y":[2]}""", ToolCallJson.ArgumentsText(calls[1]));
        Assert.Equal([("a", (object?)"1"), ("b", "2")], messages[2].Contents.Cast<FunctionResultContent>().Select(result => (result.CallId, result.Result)));
    }

    [Fact]
    public void Build_CallWithoutResult_IsLeftOut()
    {
        var messages = ChatHistory.Build([User("q"), Assistant("hm", TwoCalls), Tool("b", "2"), User("well?")]);

        Assert.Equal("b", Assert.Single(messages[1].Contents.OfType<FunctionCallContent>()).CallId);
        Assert.Equal("hm", messages[1].Text);
    }

    [Fact]
    public void Build_CallsWithoutAnyResultOrText_LeaveNoMessage() =>
        Assert.Equal(["q", "well?"], ChatHistory.Build([User("q"), Assistant("", TwoCalls), User("well?")]).Select(message => message.Text));

    [Theory]
    [InlineData("unknown")]
    [InlineData(null)]
    public void Build_ResultWithoutCall_IsLeftOut(string? callId) =>
        Assert.Equal(["q", "a"], ChatHistory.Build([User("q"), Tool(callId, "orphan"), Assistant("a"), Tool(callId, "orphan")]).Select(message => message.Text));

    [Fact]
    public void Build_SameCallAnsweredTwice_TakesTheFirst()
    {
        var messages = ChatHistory.Build([Assistant("", TwoCalls), Tool("a", "1"), Tool("a", "2")]);

        Assert.Equal("1", Assert.IsType<FunctionResultContent>(Assert.Single(messages[1].Contents)).Result);
    }

    [Theory]
    [InlineData("\"no list\"")]
    [InlineData("[1,{\"id\":5},{\"id\":\"a\"},{\"id\":\"a\",\"function\":{}}]")]
    public void Build_CallsOfAnotherShape_AreLeftOut(string calls) =>
        Assert.Equal("text", Assert.IsType<TextContent>(Assert.Single(ChatHistory.Build([Assistant("text", calls), Tool("a", "1")])[0].Contents)).Text);

    [Theory]
    [InlineData("not json")]
    [InlineData("[1]")]
    public void Build_ArgumentsOfAnotherShape_AreNone(string arguments)
    {
        var calls = $$$"""[{"id":"a","function":{"name":"f","arguments":{{{JsonSerializer.Serialize(arguments)}}}}}]""";

        var messages = ChatHistory.Build([Assistant("", calls), Tool("a", "1")]);

        Assert.Equal("{}", ToolCallJson.ArgumentsText(Assert.IsType<FunctionCallContent>(messages[0].Contents[0])));
    }

    [Fact]
    public void Build_Parts_BecomeContents()
    {
        const string Parts = """
            [{"type":"text","text":"see"},{"type":"image_url","image_url":{"url":"https://example.com/a.png","detail":"high"}},{"type":"unknown"},"x"]
            """;

        var contents = ChatHistory.Build([new NewMessage { Role = "user", ContentParts = JsonElement.Parse(Parts) }])[0].Contents;

        Assert.Equal(3, contents.Count);
        Assert.Equal("x", Assert.IsType<TextContent>(contents[2]).Text);
        var image = Assert.IsType<UriContent>(contents[1]);
        Assert.Equal(("https://example.com/a.png", "high"), (image.Uri.ToString(), image.AdditionalProperties!["detail"]));
    }

    [Theory]
    [InlineData("""[{"type":"text","text":"one"},"two",{"type":"unknown"}]""", "one\ntwo")]
    [InlineData("""[{"degrees":5}]""", """[{"degrees":5}]""")]
    public void Build_ResultOfParts_IsText(string parts, string text)
    {
        const string Calls = """[{"id":"a","type":"function","function":{"name":"f","arguments":"{}"}}]""";

        var built = ChatHistory.Build([User("q"), Assistant("", Calls), new NewMessage { Role = "tool", ToolCallId = "a", ContentParts = JsonElement.Parse(parts) }]);

        Assert.Equal(text, Assert.IsType<FunctionResultContent>(built[2].Contents[0]).Result);
    }

    [Fact]
    public void Build_EmptyAndUnknownMessages_AreLeftOut() =>
        Assert.Equal(["q"], ChatHistory.Build([User("q"), Assistant(""), new NewMessage { Role = "session_meta", Content = "{}" }]).Select(message => message.Text));

    private static NewMessage User(string text) => new() { Role = "user", Content = text };

    private static NewMessage Assistant(string text, string? calls = null) =>
        new() { Role = "assistant", Content = text, ToolCalls = calls is null ? null : JsonElement.Parse(calls) };

    private static NewMessage Tool(string? callId, string text) => new() { Role = "tool", Content = text, ToolCallId = callId };
}
