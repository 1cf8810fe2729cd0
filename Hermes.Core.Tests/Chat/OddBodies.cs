namespace Hermes.Core.Tests.Chat;

/// <summary>What clients of <c>/v1/chat/completions</c> really send, and what the model is asked because of it.</summary>
/// <remarks>
/// What the model is asked reads <c>role: content</c>, messages apart by <c> | </c>, with <c>/</c> for a line break within a text and
/// <c> + </c> between contents, then the settings that it was given in brackets. What begins with a number is the status and the text of a refusal.
/// </remarks>
internal static class OddBodies
{
    private const string NoMessages = "400 Missing or invalid 'messages' field";

    public static IReadOnlyDictionary<string, (string Sends, string Asks)> Table { get; } = new Dictionary<string, (string, string)>
    {
        // Numbers.
        ["max_tokens -1, as for no limit"] = (Hi("\"max_tokens\":-1"), "user: hi"),
        ["max_tokens 0"] = (Hi("\"max_tokens\":0"), "user: hi"),
        ["max_tokens null"] = (Hi("\"max_tokens\":null"), "user: hi"),
        ["max_tokens with a fraction of 0"] = (Hi("\"max_tokens\":4096.0"), "user: hi [max 4096]"),
        ["max_tokens with an exponent"] = (Hi("\"max_tokens\":4.096e3"), "user: hi [max 4096]"),
        ["max_tokens as text"] = (Hi("\"max_tokens\":\"512\""), "user: hi [max 512]"),
        ["max_tokens as empty text, out of a form"] = (Hi("\"max_tokens\":\"\""), "user: hi"),
        ["max_tokens between two numbers"] = (Hi("\"max_tokens\":1.5"), "user: hi"),
        ["max_tokens beyond every model"] = (Hi("\"max_tokens\":99999999999999999999999999999999"), "user: hi"),
        ["max_completion_tokens -1 beside max_tokens"] = (Hi("\"max_completion_tokens\":-1,\"max_tokens\":512"), "user: hi [max 512]"),
        ["max_tokens as a word"] = (Hi("\"max_tokens\":\"many\""), "400 'max_tokens' must be a whole number"),
        ["temperature as text"] = (Hi("\"temperature\":\"0.7\""), "user: hi [temperature 0.7]"),
        ["temperature with a comma, as some countries write it"] = (Hi("\"temperature\":\"0,7\""), "400 'temperature' must be a number"),
        ["temperature -1, as for unset"] = (Hi("\"temperature\":-1"), "user: hi"),
        ["temperature beyond every number"] = (Hi("\"temperature\":1e999"), "user: hi"),
        ["top_p above 1"] = (Hi("\"top_p\":50"), "user: hi"),
        ["top_p and seed as text"] = (Hi("\"top_p\":\"1\",\"seed\":\"-7\""), "user: hi [top_p 1, seed -7]"),
        ["seed of 64 bits"] = (Hi("\"seed\":9223372036854775807"), "user: hi [seed 9223372036854775807]"),
        ["n as text"] = (Hi("\"n\":\"1\""), "user: hi"),
        ["n 0"] = (Hi("\"n\":0"), "user: hi"),
        ["n 2"] = (Hi("\"n\":2"), "400 'n' must be 1: an agent gives one answer"),
        ["stop as empty text"] = (Hi("\"stop\":\"\""), "user: hi"),
        ["stop with empty and null items"] = (Hi("\"stop\":[\"END\",\"\",null]"), "user: hi [stop END]"),
        ["stream as the text false"] = (Hi("\"stream\":\"false\""), "user: hi"),
        ["stream as 0"] = (Hi("\"stream\":0"), "user: hi"),
        ["stream as a word"] = (Hi("\"stream\":\"sse\""), "400 'stream' must be true or false"),

        // Fields that are not ours.
        ["fields of other servers"] = (
            Hi("""
               "provider":{"order":["x"]},"reasoning_effort":"high","service_tier":"auto","author":"me","store":false,"metadata":{"a":1},"user":5,"logprobs":"?",
               "stream_options":null,"tools":null,"tool_choice":"auto","parallel_tool_calls":"yes","extra_body":[],"chat_id":7,"keep_alive":"5m","safety_settings":[{}]
               """), "user: hi"),
        ["stream_options without a stream"] = (Hi("\"stream_options\":{\"include_usage\":true}"), "user: hi"),
        ["every field null"] = (
            Hi("\"model\":null,\"stream\":null,\"temperature\":null,\"top_p\":null,\"n\":null,\"stop\":null,\"seed\":null,\"response_format\":null,\"user\":null,\"tools\":null"), "user: hi"),
        ["model empty"] = (Hi("\"model\":\"\""), "user: hi"),
        ["the name of a field twice"] = ("""{"messages":[],"messages":[{"role":"user","content":"hi"}]}""", "user: hi"),

        // Parts.
        ["input_text"] = (Says("""[{"type":"input_text","text":"hi"}]"""), "user: hi"),
        ["output_text, sent back as the user's"] = (Says("""[{"type":"output_text","text":"hi","annotations":[]}]"""), "user: hi"),
        ["refusal, sent back as the user's"] = (Says("""[{"type":"refusal","refusal":"no"}]"""), "user: no"),
        ["plain strings among the parts"] = (Says("""["one",{"type":"text","text":"two"},"three"]"""), "user: one/two/three"),
        ["text parts, joined by line breaks"] = (Says("""[{"type":"text","text":"one"},{"type":"text","text":"two"}]"""), "user: one/two"),
        ["types in capitals"] = (Says("""[{"type":"TEXT","text":"hi"}]"""), "user: hi"),
        ["one part that is no list"] = (Says("""{"type":"text","text":"hi"}"""), "user: hi"),
        ["marks for a cache on a part"] = (Says("""[{"type":"text","text":"hi","cache_control":{"type":"ephemeral"}}]"""), "user: hi"),
        ["image_url as an object"] = (Says("""["see",{"type":"image_url","image_url":{"url":"https://x.example/a.png"}}]"""), "user: see + https://x.example/a.png"),
        ["image_url as text"] = (Says("""["see",{"type":"image_url","image_url":"https://x.example/a.png"}]"""), "user: see + https://x.example/a.png"),
        ["input_image"] = (Says("""["see",{"type":"input_image","image_url":"data:image/png;base64,AAAA"}]"""), "user: see + image/png 3"),
        ["an image without padding"] = (Says("""[{"type":"image_url","image_url":{"url":"data:image/png;base64,AA"}}]"""), "user: image/png 1"),
        ["an image in the alphabet of URLs"] = (Says("""[{"type":"image_url","image_url":{"url":"data:image/png;base64,_-8"}}]"""), "user: image/png 2"),
        ["an image with escaped padding"] = (Says("""[{"type":"image_url","image_url":{"url":"data:image/png;base64,AA%3D%3D"}}]"""), "user: image/png 1"),
        ["an image with parameters"] = (Says("""[{"type":"image_url","image_url":{"url":"data:image/png;name=a.png;base64,AAAA"}}]"""), "user: image/png 3"),
        ["an image of no type"] = (Says("""[{"type":"image_url","image_url":{"url":"data:;base64,iVBORw0KGgo="}}]"""), "user: image/png 8"),
        ["an image that is a page"] = (
            Says("""[{"type":"image_url","image_url":{"url":"data:text/html;base64,AAAA"}}]"""), "400 messages[0].content[0].image_url.url must be data:image/TYPE;base64,DATA"),
        ["an image on the machine of the client"] = (
            Says("""[{"type":"image_url","image_url":{"url":"file:///tmp/a.png"}}]"""), "400 messages[0].content[0].image_url.url must be an https:, http: or data: URL"),
        ["sound now"] = (Says("""["hear",{"type":"input_audio","input_audio":{}}]"""), "400 messages[0].content[1].type is not supported: use 'text' or 'image_url'"),
        ["a number among the parts"] = (Says("[5]"), "400 messages[0].content[0] must be a string or an object"),
        ["a number in place of a text"] = (Says("5"), "400 messages[0].content must be a string or a list of parts"),

        // Messages before the one that is asked.
        ["thoughts of another model"] = (
            After("""{"role":"assistant","content":[{"type":"thinking","thinking":"hm","signature":"s"},{"type":"text","text":"yes"}],"reasoning_content":"hm","refusal":null,"audio":null}"""), "assistant: yes | user: hi"),
        ["thoughts of another model and nothing else"] = (After("""{"role":"assistant","content":[{"type":"redacted_thinking","data":"x"}]}"""), "user: hi"),
        ["sound that was heard before"] = (After("""{"role":"user","content":["hear",{"type":"input_audio","input_audio":{}}]}"""), "user: hear | user: hi"),
        ["a refusal that was given before"] = (After("""{"role":"assistant","content":[{"type":"refusal","refusal":"no"}]}"""), "assistant: no | user: hi"),
        ["content null beside tool calls"] = (
            After("""{"role":"assistant","content":null,"tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"a","content":"done"}"""),
            "assistant: f(a) | tool: a=done | user: hi"),
        ["a tool's result of parts"] = (
            After("""{"role":"assistant","tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"a","name":"f","content":[{"type":"text","text":"one"},"two"]}"""),
            "assistant: f(a) | tool: a=one/two | user: hi"),
        ["a tool's result that is an object"] = (
            After("""{"role":"assistant","tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"a","content":{"degrees":5}}"""),
            """assistant: f(a) | tool: a={"degrees":5} | user: hi"""),
        ["tool_calls null and names"] = (
            After("""{"role":"user","name":"Ada","content":"one"},{"role":"assistant","name":null,"content":"two","tool_calls":null,"function_call":null}"""), "user: one | assistant: two | user: hi"),
        ["developer"] = (After("""{"role":"developer","content":"Be short"}"""), "system: Be short | user: hi"),
        ["a system message of parts"] = (After("""{"role":"system","content":[{"type":"text","text":"Be"},{"type":"text","text":"short"}]}"""), "system: Be/short | user: hi"),
        ["a system message of null"] = (After("""{"role":"system","content":null}"""), "user: hi"),
        ["a role that nobody has"] = (After("""{"role":"narrator","content":"Once"}"""), "user: hi"),

        // The JSON itself.
        ["a byte order mark"] = ("\uFEFF" + Hi("\"n\":1"), "user: hi"),
        ["a list of messages that is one message"] = ("""{"messages":{"role":"user","content":"hi"}}""", NoMessages),
        ["no messages, but a prompt"] = ("""{"prompt":"hi"}""", NoMessages),
        ["a message that is a text"] = ("""{"messages":["hi"]}""", "400 messages[0] must be an object"),
        ["nothing"] = ("", "400 Invalid JSON in request body"),
        ["a form"] = ("messages=hi", "400 Invalid JSON in request body"),
        ["a comma too many"] = ("""{"messages":[{"role":"user","content":"hi"},]}""", "400 Invalid JSON in request body"),
        ["a schema deeper than the parser reads"] = (Hi($"\"metadata\":{new string('[', 70)}{new string(']', 70)}"), "400 The JSON of the request body is nested deeper than 64 levels"),
        ["half of an emoji"] = (Says("\"\\ud83d\""), "400 Invalid JSON in request body: a text holds half of a surrogate pair"),
    };

    private static string Hi(string fields) => $$"""{"messages":[{"role":"user","content":"hi"}],{{fields}}}""";

    private static string Says(string content) => $$"""{"messages":[{"role":"user","content":{{content}}}]}""";

    private static string After(string messages) => $$"""{"messages":[{{messages}},{"role":"user","content":"hi"}]}""";
}
