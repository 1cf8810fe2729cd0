using System.Text;
using Hermes.Core.Http.OpenAI;
using Hermes.Core.Http.Wire;
using Microsoft.Extensions.AI;

namespace Hermes.Core.Tests.Http;

public class ChatCompletionRequestTests
{
    private const string NoMessages = "Missing or invalid 'messages' field";
    private const string NoUser = "No user message found in messages";
    private const string InvalidJson = "Invalid JSON in request body";

    [Theory]
    [InlineData("\"be short\"", "s1|be short")]
    [InlineData("\" \"", "s1")]
    [InlineData("null", "s1")]
    public void Parse_Instructions_AreOneMoreSystemMessage(string instructions, string system)
    {
        var request = ChatCompletionRequest.Parse(Encoding.UTF8.GetBytes(
            $$"""{"messages":[{"role":"user","content":"hi"},{"role":"system","content":"s1"}],"instructions":{{instructions}}}"""));

        Assert.Equal(system, string.Join('|', request.Turn.System));
    }

    [Theory]
    [InlineData("", InvalidJson)]
    [InlineData("{bad", InvalidJson)]
    [InlineData("[]", "The request body must be a JSON object")]
    [InlineData("\"s\"", "The request body must be a JSON object")]
    [InlineData("{}", NoMessages)]
    [InlineData("""{"messages":null}""", NoMessages)]
    [InlineData("""{"messages":[]}""", NoMessages)]
    [InlineData("""{"messages":{"a":1}}""", NoMessages)]
    [InlineData("""{"messages":["hi"]}""", "messages[0] must be an object")]
    [InlineData("""{"messages":[{"role":"system","content":"s"}]}""", NoUser)]
    [InlineData("""{"messages":[{"role":"user","content":""}]}""", NoUser)]
    [InlineData("""{"messages":[{"role":"user","content":[]}]}""", NoUser)]
    [InlineData("""{"messages":[{"role":"user","content":null}]}""", NoUser)]
    [InlineData("""{"messages":[{"role":"user"}]}""", NoUser)]
    [InlineData("""{"messages":[{"role":"user","content":"a"},{"role":"user","content":""}]}""", NoUser)]
    [InlineData("""{"messages":[{"role":"alien","content":"x"}]}""", NoUser)]
    [InlineData("""{"messages":[{"content":"x"}]}""", NoUser)]
    [InlineData("""{"messages":[{"role":5,"content":"x"}]}""", "messages[0].role must be a string")]
    [InlineData("""{"messages":[{"role":"user","content":5}]}""", "messages[0].content must be a string or a list of parts")]
    [InlineData("""{"messages":[{"role":"system","content":[1]},{"role":"user","content":"x"}]}""", "messages[0].content[0] must be a string or an object")]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"text"}]}]}""", "messages[0].content[0].text must be a string")]
    [InlineData("""{"messages":[{"role":"user","content":[{}]}]}""", "messages[0].content[0].type must be a string")]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"input_audio"}]}]}""", "messages[0].content[0].type is not supported: use 'text' or 'image_url'")]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"image_url"}]}]}""", "messages[0].content[0].image_url.url must be a string")]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"file:///etc/passwd"}}]}]}""", "messages[0].content[0].image_url.url must be an https:, http: or data: URL")]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,A?"}}]}]}""", "messages[0].content[0].image_url.url must be data:image/TYPE;base64,DATA")]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:text/html;base64,AAAA"}}]}]}""", "messages[0].content[0].image_url.url must be data:image/TYPE;base64,DATA")]
    [InlineData("""{"messages":[{"role":"assistant","tool_calls":{}},{"role":"user","content":"x"}]}""", "messages[0].tool_calls must be a list")]
    public void Parse_UnusableBody_SaysWhatIsWrong(string body, string message) => Assert.Equal(message, Refusal(body));

    [Theory]
    [InlineData("\"model\":5", "'model' must be a string")]
    [InlineData("\"temperature\":\"hot\"", "'temperature' must be a number")]
    [InlineData("\"top_p\":[]", "'top_p' must be a number")]
    [InlineData("\"stream\":\"yes please\"", "'stream' must be true or false")]
    [InlineData("\"stream\":{}", "'stream' must be true or false")]
    [InlineData("\"max_tokens\":true", "'max_tokens' must be a whole number")]
    [InlineData("\"max_completion_tokens\":\"many\"", "'max_completion_tokens' must be a whole number")]
    [InlineData("\"seed\":\"x\"", "'seed' must be a whole number")]
    [InlineData("\"stop\":[1]", "'stop' must be a string or a list of strings")]
    [InlineData("\"n\":2", "'n' must be 1: an agent gives one answer")]
    [InlineData("\"response_format\":{\"type\":\"xml\"}", "'response_format' must be an object of type 'text', 'json_object' or 'json_schema'")]
    public void Parse_SettingOfAWrongType_NamesIt(string setting, string message) =>
        Assert.Equal(message, Refusal($$"""{"messages":[{"role":"user","content":"x"}],{{setting}}}"""));

    [Theory]
    [InlineData("""{"messages":[{"role":"user","content":"\ud83d"}]}""")]
    [InlineData("""{"messages":[{"role":"user","content":"x"}],"\uDC00":1}""")]
    [InlineData("""{"\ud""")]
    [InlineData("""{"messages":[{"role":"user","content":"\ud83d""")]
    public void Parse_HalfASurrogatePair_IsRefused(string body) => Assert.StartsWith(InvalidJson, Refusal(body), StringComparison.Ordinal);

    [Fact]
    public void Parse_BytesThatAreNotUtf8_AreRefused() => Assert.Equal(
        InvalidJson,
        Assert.Throws<RequestException>(() => ChatCompletionRequest.Parse(
            (byte[])[.. "{\"messages\":[{\"role\":\"user\",\"content\":\""u8, 0xff, .. "\"}]}"u8])).Message);

    [Fact]
    public void Parse_DeepNesting_IsRefused()
    {
        Assert.Equal("The JSON of the request body is nested deeper than 64 levels", Refusal($$"""{"messages":{{new string('[', 100)}}{{new string(']', 100)}}}"""));
        Assert.Equal("The JSON of the request body is nested deeper than 64 levels", Refusal($$"""{"messages":{{new string('[', 100_000)}}{{new string(']', 100_000)}}}"""));
        Assert.Equal(InvalidJson, Refusal($$"""{"messages":{{new string('[', 100)}}{{new string(']', 99)}}}"""));
    }

    [Fact]
    public void Parse_EscapedSurrogatePair_IsRead() =>
        Assert.Equal("👋", Parse("""{"messages":[{"role":"user","content":"\ud83d\udc4b"}]}""").Turn.User.Content);

    [Fact]
    public void Parse_Conversation_SplitsAroundTheLastUserMessage()
    {
        var request = Parse("""
            {"messages":[{"role":"system","content":"s1"},{"role":"developer","content":[{"type":"text","text":"s2"}]},{"role":"user","content":"one"},
            {"role":"assistant","content":"two"},{"role":"tool","content":"ignored"},{"role":"user","content":"three"},{"role":"assistant","content":"prefill"}]}
            """);

        Assert.Equal(["s1", "s2"], request.Turn.System);
        Assert.Equal(["one", "two", "ignored"], request.Turn.History!.Select(message => message.Content));
        Assert.Equal("three", request.Turn.User.Content);
        Assert.Equal(["prefill"], request.Turn.Following.Select(message => message.Content));
    }

    [Theory]
    [InlineData("\"   \"", "   ")]
    [InlineData("""[{"type":"text","text":"x"}]""", "x")]
    public void Parse_TextContent_IsPlainText(string content, string text)
    {
        var user = Parse($$"""{"messages":[{"role":"user","content":{{content}}}]}""").Turn.User;

        Assert.Equal((text, null), (user.Content, user.ContentParts));
    }

    [Fact]
    public void Parse_PartsOfEverySpelling_AreKeptInOne()
    {
        var user = Parse("""
            {"messages":[{"role":"user","content":["what?",{"type":"input_text","text":"and why?","cache_control":{}},{"type":"input_image","image_url":"data:image/png;base64,_-8","detail":"low"}]}]}
            """).Turn.User;

        Assert.Null(user.Content);
        Assert.Equal(
            """[{"type":"text","text":"what?"},{"type":"text","text":"and why?"},{"type":"image_url","image_url":{"url":"data:image/png;base64,/+8=","detail":"low"}}]""",
            user.ContentParts?.GetRawText());
    }

    [Theory]
    [InlineData("", "hermes-agent", false)]
    [InlineData(",\"model\":null,\"stream\":null", "hermes-agent", false)]
    [InlineData(",\"model\":\"gpt-x\",\"stream\":true,\"stream_options\":{\"include_usage\":true}", "gpt-x", true)]
    public void Parse_ModelAndStream_HaveDefaults(string fields, string model, bool stream)
    {
        var request = Parse($$"""{"messages":[{"role":"user","content":"x"}]{{fields}}}""");

        Assert.Equal((model, stream), (request.Model, request.Stream));
    }

    [Fact]
    public void Parse_Settings_BecomeOptions()
    {
        var options = Parse("""
            {"messages":[{"role":"user","content":"x"}],"temperature":0.1,"max_tokens":5,"top_p":1,"stop":"END","seed":-7,"frequency_penalty":0.5,
            "presence_penalty":-0.5,"n":1,"user":"me","response_format":{"type":"json_object"}}
            """).Turn.Options;

        Assert.Equal((0.1f, 5, 1f, -7L), (options.Temperature, options.MaxOutputTokens, options.TopP, options.Seed));
        Assert.Equal((0.5f, -0.5f), (options.FrequencyPenalty, options.PresencePenalty));
        Assert.Equal(["END"], options.StopSequences);
        Assert.Same(ChatResponseFormat.Json, options.ResponseFormat);
        Assert.Null(options.ModelId);
    }

    [Fact]
    public void Parse_MaxCompletionTokens_WinsOverItsOldName() =>
        Assert.Equal(9, Parse("""{"messages":[{"role":"user","content":"x"}],"max_tokens":5,"max_completion_tokens":9}""").Turn.Options.MaxOutputTokens);

    [Fact]
    public void Parse_JsonSchema_IsPassedOn()
    {
        var options = Parse("""
            {"messages":[{"role":"user","content":"x"}],
            "response_format":{"type":"json_schema","json_schema":{"name":"n","schema":{"type":"object"}}}}
            """).Turn.Options;

        var format = Assert.IsType<ChatResponseFormatJson>(options.ResponseFormat);
        Assert.Equal(("n", """{"type":"object"}"""), (format.SchemaName, format.Schema!.Value.GetRawText()));
    }

    [Fact]
    public void TurnIn_Session_LeavesTheBodysHistoryOut()
    {
        var request = Parse("""{"messages":[{"role":"system","content":"s"},{"role":"user","content":"one"},{"role":"user","content":"two"}]}""");

        var turn = request.TurnIn("id");

        Assert.Equal(("id", "two"), (turn.SessionId, turn.User.Content));
        Assert.Equal(["s"], turn.System);
        Assert.Null(turn.History);
        Assert.Single(request.Turn.History!);
    }

    private static ChatCompletionRequest Parse(string body) => ChatCompletionRequest.Parse(Encoding.UTF8.GetBytes(body));

    private static string Refusal(string body) => Assert.Throws<RequestException>(() => Parse(body)).Message;
}
