namespace Hermes.Core.Tests.Providers;

/// <summary>What OpenAI-compatible providers really send, and what a client gets of it, however it asked.</summary>
/// <remarks>
/// What a client gets reads <c>words {thoughts} [finish reason] prompt+completion=total id:name(arguments)</c>, without what there is none of;
/// <c>*</c> is an id that was made up. A number alone is the status of a failure.
/// </remarks>
internal static class OddAnswers
{
    private const string Done = "data: [DONE]\n\n";
    private const string Stop = """{"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""";

    public static IReadOnlyDictionary<string, (string Sends, string Gets)> Table { get; } = new Dictionary<string, (string, string)>
    {
        // Why it ended.
        ["finish_reason is null to the end"] = (Events(Says("\"content\":\"Hello\"")), "Hello [stop]"),
        ["finish_reason is missing"] = (Events(Choice("""{"index":0,"delta":{"content":"Hello"}}""")), "Hello [stop]"),
        ["finish_reason is empty"] = (Events(Says("\"content\":\"Hello\"", "\"\""), Says("", "\"\"")), "Hello [stop]"),
        ["finish_reason is the word null in every chunk"] = (Events(Says("\"content\":\"Hello\"", "\"null\""), Says("", "\"null\"")), "Hello [stop]"),
        ["finish_reason is a number"] = (Events(Says("\"content\":\"Hello\"", "1")), "Hello [stop]"),
        ["finish_reason is eos"] = (Events(Says("\"content\":\"Hello\"", "\"eos\"")), "Hello [stop]"),
        ["finish_reason is end_turn"] = (Events(Says("\"content\":\"Hello\"", "\"end_turn\"")), "Hello [stop]"),
        ["finish_reason is in capitals"] = (Events(Says("\"content\":\"Hello\"", "\"STOP\"")), "Hello [stop]"),
        ["finish_reason is max_tokens"] = (Events(Says("\"content\":\"Hello\"", "\"max_tokens\"")), "Hello [length]"),
        ["finish_reason is model_length"] = (Events(Says("\"content\":\"Hello\"", "\"model_length\"")), "Hello [length]"),
        ["finish_reason is SAFETY"] = (Events(Says("\"content\":\"Hello\"", "\"SAFETY\"")), "Hello [content_filter]"),
        ["finish_reason is tool_use"] = (Events(Calls("""{"index":0,"id":"a","function":{"name":"f","arguments":"{}"}}"""), Says("", "\"tool_use\"")), "[tool_calls] a:f({})"),
        ["finish_reason is stop behind a tool call"] = (Events(Calls("""{"index":0,"id":"a","function":{"name":"f","arguments":"{}"}}"""), Stop), "[tool_calls] a:f({})"),
        ["finish_reason is tool_calls and there are none"] = (Events(Says("\"content\":\"Hello\"", "\"tool_calls\"")), "Hello [stop]"),
        ["finish_reason stands in every chunk"] = (Events(Says("\"content\":\"Hel\"", "\"stop\""), Says("\"content\":\"lo\"", "\"length\"")), "Hello [length]"),
        ["finish_reason is error"] = (Events(Says("\"content\":\"Hel\"", "\"error\"")), "502"),
        ["finish_reason says that the provider gave up"] = (Events(Says("\"content\":\"Hel\"", "\"insufficient_system_resource\"")), "502"),

        // Who speaks.
        ["role is empty"] = (Events(Says("\"role\":\"\",\"content\":\"Hello\""), Stop), "Hello [stop]"),
        ["role is model"] = (Events(Says("\"role\":\"model\",\"content\":\"Hello\""), Stop), "Hello [stop]"),
        ["role is null"] = (Events(Says("\"role\":null,\"content\":\"Hello\""), Stop), "Hello [stop]"),
        ["role stands in every chunk"] = (Events(Says("\"role\":\"assistant\",\"content\":\"Hel\""), Says("\"role\":\"assistant\",\"content\":\"lo\""), Stop), "Hello [stop]"),

        // Numbers and lists.
        ["created has a fraction"] = (Events("""{"id":"c","object":"chat.completion.chunk","created":1.7e9,"model":"m","choices":[{"index":0,"delta":{"content":"Hello"}}]}""", Stop), "Hello [stop]"),
        ["created is a string"] = (Events("""{"id":"c","created":"1700000000","model":"m","choices":[{"index":0,"delta":{"content":"Hello"}}]}""", Stop), "Hello [stop]"),
        ["created counts milliseconds"] = (Events("""{"id":"c","created":1700000000123,"model":"m","choices":[{"index":0,"delta":{"content":"Hello"}}]}""", Stop), "Hello [stop]"),
        ["created is a date"] = (Events("""{"id":"c","created":"2026-01-01T00:00:00Z","model":"m","choices":[{"index":0,"delta":{"content":"Hello"}}]}""", Stop), "Hello [stop]"),
        ["index is a string"] = (Events(Choice("""{"index":"0","delta":{"content":"Hello"},"finish_reason":null}"""), Stop), "Hello [stop]"),
        ["index is null"] = (Events(Choice("""{"index":null,"delta":{"content":"Hello"},"finish_reason":null}"""), Stop), "Hello [stop]"),
        ["tool_calls is null"] = (Events(Says("\"content\":\"Hello\",\"tool_calls\":null,\"function_call\":null"), Stop), "Hello [stop]"),
        ["tool_calls is an empty list"] = (Events(Says("\"content\":\"Hello\",\"tool_calls\":[]"), Stop), "Hello [stop]"),
        ["choices is null"] = (Events("""{"id":"c","choices":null}""", Says("\"content\":\"Hello\""), Stop), "Hello [stop]"),
        ["choices is empty before the first word"] = (Events("""{"id":"","object":"","created":0,"model":"","choices":[],"prompt_filter_results":[]}""", Says("\"content\":\"Hello\""), Stop), "Hello [stop]"),
        ["choices is no list"] = (Events("""{"id":"c","choices":{"index":0,"delta":{"content":"Hello"},"finish_reason":"stop"}}"""), "Hello [stop]"),
        ["logprobs has another shape"] = (Events(Choice("""{"index":0,"delta":{"content":"Hello"},"logprobs":{"top_logprobs":[{}]},"finish_reason":"stop"}""")), "Hello [stop]"),

        // The head of a chunk.
        ["id, object, created and model are missing"] = (Events("""{"choices":[{"delta":{"content":"Hello"}}]}"""), "Hello [stop]"),
        ["id is another one in every chunk"] = (
            Events("""{"id":"1","choices":[{"delta":{"content":"Hel"}}]}""", """{"id":"2","choices":[{"delta":{"content":"lo"}}]}"""), "Hello [stop]"),
        ["id and fingerprint are numbers"] = (Events("""{"id":17,"system_fingerprint":3,"service_tier":null,"choices":[{"delta":{"content":"Hello"}}]}"""), "Hello [stop]"),
        ["a name repeats within an object"] = (Events("""{"id":"1","id":"2","choices":[{"delta":{"content":"Hel","content":"Hello"}}]}"""), "Hello [stop]"),

        // The form of the stream.
        ["lines end with CR and LF"] = (Events(Says("\"content\":\"Hello\""), Stop).ReplaceLineEndings("\r\n"), "Hello [stop]"),
        ["a byte order mark comes first"] = ("\uFEFF" + Events(Says("\"content\":\"Hello\""), Stop), "Hello [stop]"),
        ["empty lines come first"] = ("\n\n \n" + Events(Says("\"content\":\"Hello\""), Stop), "Hello [stop]"),
        ["there is no space behind data:"] = (Events(Says("\"content\":\"Hello\""), Stop).Replace("data: ", "data:", StringComparison.Ordinal), "Hello [stop]"),
        ["comments keep the connection alive"] = (": PROCESSING\n\n:\n\n" + Events(Says("\"content\":\"Hello\"")) + ": bye\n\n", "Hello [stop]"),
        ["data lines are empty"] = ("data:\n\ndata: \n\n" + Events(Says("\"content\":\"Hello\""), Stop), "Hello [stop]"),
        ["data is null"] = ("data: null\n\n" + Events(Says("\"content\":\"Hello\""), Stop), "Hello [stop]"),
        ["events have names, numbers and pings"] = (
            "retry: 3000\n\nevent: ping\ndata: {\"type\":\"ping\"}\n\nevent: message\nid: 1\n" + Events(Says("\"content\":\"Hello\""), Stop), "Hello [stop]"),
        ["the last event has no empty line behind it"] = (Events(Says("\"content\":\"Hello\""), Stop).TrimEnd('\n'), "Hello [stop]"),
        ["there are no empty lines at all"] = (Events(Says("\"content\":\"Hel\""), Says("\"content\":\"lo\""), Stop).Replace("\n\n", "\n", StringComparison.Ordinal), "Hello [stop]"),
        ["an event has several lines"] = ("data: {\"choices\":\ndata: [{\"delta\":{\"content\":\"Hello\"}}]}\n\n" + Done, "Hello [stop]"),
        ["there is no [DONE]"] = ($"data: {Says("\"content\":\"Hello\"", "\"stop\"")}\n\n", "Hello [stop]"),
        ["there is neither [DONE] nor a finish_reason, and the body is whole"] = ($"data: {Says("\"content\":\"Hello\"")}\n\n", "Hello [stop]"),
        ["something stands behind [DONE]"] = (Events(Says("\"content\":\"Hello\"")) + "data: SECRET\n\n", "Hello [stop]"),
        ["an event breaks off"] = ($"data: {Says("\"content\":\"Hel\"")}\n\ndata: {{\"choices\":[{{\"del", "502"),
        ["an event is no JSON"] = ("data: SECRET\n\n", "502"),

        // What it took.
        ["usage repeats in every chunk"] = (
            Events(Says("\"content\":\"Hel\"", usage: "12,1,13"), Says("\"content\":\"lo\"", usage: "12,2,14"), Says("", "\"stop\"", usage: "12,3,15")), "Hello [stop] 12+3=15"),
        ["usage comes in a chunk without choices"] = (
            Events(Says("\"content\":\"Hello\"", "\"stop\""), """{"choices":[],"usage":{"prompt_tokens":12,"completion_tokens":3,"total_tokens":15}}"""), "Hello [stop] 12+3=15"),
        ["usage comes twice, with the last choice and without one"] = (
            Events(Says("\"content\":\"Hello\"", "\"stop\"", usage: "12,3,15"), """{"choices":[],"usage":{"prompt_tokens":12,"completion_tokens":3,"total_tokens":15}}"""), "Hello [stop] 12+3=15"),
        ["usage has fractions"] = (Events(Says("\"content\":\"Hello\"", "\"stop\"", usage: "12.0,3.0,1.5e1")), "Hello [stop] 12+3=15"),
        ["usage is of strings"] = (Events(Says("\"content\":\"Hello\"", "\"stop\"", usage: "\"12\",\"3\",\"15\"")), "Hello [stop] 12+3=15"),
        ["usage has no total"] = (Events(Says("\"content\":\"Hello\"", "\"stop\"", usage: "12,3,null")), "Hello [stop] 12+3=15"),
        ["usage is null until the end"] = (Events("""{"choices":[{"delta":{"content":"Hello"}}],"usage":null}""", Says("", "\"stop\"", usage: "12,3,15")), "Hello [stop] 12+3=15"),
        ["usage has other names"] = (Events(Says("\"content\":\"Hello\""), """{"choices":[],"usage":{"input_tokens":12,"output_tokens":3}}"""), "Hello [stop] 12+3=15"),
        ["usage has details of null"] = (
            Events(Says("\"content\":\"Hello\""), """{"choices":[],"usage":{"prompt_tokens":12,"completion_tokens":3,"prompt_tokens_details":null,"completion_tokens_details":{"reasoning_tokens":null,"audio_tokens":1.0}}}"""),
            "Hello [stop] 12+3=15"),
        ["usage stands inside a choice"] = (Events(Choice("""{"index":0,"delta":{"content":"Hello"},"finish_reason":"stop","usage":{"prompt_tokens":12,"completion_tokens":3}}""")), "Hello [stop] 12+3=15"),
        ["usage stands in x_groq"] = (Events(Says("\"content\":\"Hello\""), """{"choices":[],"x_groq":{"id":"r","usage":{"prompt_tokens":12,"completion_tokens":3}}}"""), "Hello [stop] 12+3=15"),

        // What it says.
        ["content is a list of parts"] = (Events(Says("""  "content":[{"type":"text","text":"Hel"},"lo"]"""), Stop), "Hello [stop]"),
        ["content is one part"] = (Events(Says(""" "content":{"type":"text","text":"Hello"} """), Stop), "Hello [stop]"),
        ["content has thinking among its parts"] = (
            Events(Says(""" "content":[{"type":"thinking","thinking":[{"type":"text","text":"Hm"}]},{"type":"text","text":"Hello"}] """), Stop), "Hello {Hm} [stop]"),
        ["content is null in every other chunk"] = (Events(Says("\"content\":null"), Says("\"content\":\"Hello\""), Says("\"content\":null"), Stop), "Hello [stop]"),
        ["content cuts a character in two"] = (Events(Says("\"content\":\"Hi \\ud83d\""), Says("\"content\":\"\\ude00\""), Stop), "Hi 😀 [stop]"),
        ["a refusal has the words"] = (Events(Says("\"content\":null,\"refusal\":\"I\""), Says("\"refusal\":\" will\""), Says("\"refusal\":\" not\""), Stop), "I will not [stop]"),
        ["a refusal is a part"] = (Events(Says(""" "content":[{"type":"refusal","refusal":"I will not"}] """), Stop), "I will not [stop]"),
        ["thoughts are reasoning_content"] = (Events(Says("\"reasoning_content\":\"Hm\""), Says("\"content\":\"Hello\""), Stop), "Hello {Hm} [stop]"),
        ["thoughts are reasoning"] = (Events(Says("\"content\":\"\",\"reasoning\":\"Hm\""), Says("\"content\":\"Hello\",\"reasoning\":null"), Stop), "Hello {Hm} [stop]"),
        ["thoughts stand under both names"] = (Events(Says("\"reasoning\":\"Hm\",\"reasoning_content\":\"Hm\""), Says("\"content\":\"Hello\""), Stop), "Hello {Hm} [stop]"),
        ["thoughts are a list of details"] = (Events(Says(""" "reasoning_details":[{"type":"reasoning.text","text":"Hm"}] """), Says("\"content\":\"Hello\""), Stop), "Hello {Hm} [stop]"),
        ["a message stands in place of a delta"] = (Events("""{"choices":[{"index":0,"message":{"role":"assistant","content":"Hello"},"finish_reason":"stop"}]}"""), "Hello [stop]"),
        ["a whole message comes behind the deltas"] = (
            Events(Says("\"role\":\"assistant\",\"content\":\"\""), Says("\"content\":\"Hello\""), Choice("""{"index":0,"message":{"role":"assistant","content":"Hello"},"finish_reason":"stop"}""")), "Hello [stop]"),
        ["text stands in place of a delta"] = (Events(Choice("""{"index":0,"text":"Hello","finish_reason":"stop"}""")), "Hello [stop]"),
        ["a second choice comes along"] = (
            Events(Says("\"content\":\"Hel\""), Choice("""{"index":1,"delta":{"content":"Good day"}}"""), Says("\"content\":\"lo\"", "\"stop\""), Choice("""{"index":1,"delta":{},"finish_reason":"length"}""")), "Hello [stop]"),
        ["words and calls are two choices without an index"] = (
            Events("""{"choices":[{"delta":{"content":"Hello"},"finish_reason":"tool_calls"},{"delta":{"tool_calls":[{"id":"a","function":{"name":"f","arguments":"{}"}}]},"finish_reason":"tool_calls"}]}"""),
            "Hello [tool_calls] a:f({})"),

        // What it wants done.
        ["arguments are split"] = (
            Events(Calls("""{"index":0,"id":"a","type":"function","function":{"name":"f","arguments":""}}"""), Calls("""{"index":0,"function":{"arguments":"{\"x\""}}"""), Calls("""{"index":0,"function":{"arguments":":1}"}}"""), Stop),
            """[tool_calls] a:f({"x":1})"""),
        ["arguments are an object"] = (Events(Calls("""{"index":0,"id":"a","function":{"name":"f","arguments":{"x":1}}}"""), Stop), """[tool_calls] a:f({"x":1})"""),
        ["arguments are empty"] = (Events(Calls("""{"index":0,"id":"a","function":{"name":"f","arguments":""}}"""), Stop), "[tool_calls] a:f({})"),
        ["arguments are null"] = (Events(Calls("""{"index":0,"id":"a","function":{"name":"f","arguments":null}}"""), Stop), "[tool_calls] a:f({})"),
        ["arguments are missing"] = (Events(Calls("""{"index":0,"id":"a","function":{"name":"f"}}"""), Stop), "[tool_calls] a:f({})"),
        ["calls share an index"] = (
            Events(Calls("""{"index":0,"id":"a","function":{"name":"f","arguments":"{\"x\":1}"}}"""), Calls("""{"index":0,"id":"b","function":{"name":"g","arguments":"{\"y\":2}"}}"""), Stop),
            """[tool_calls] a:f({"x":1}) b:g({"y":2})"""),
        ["calls share an index, and their pieces have ids"] = (
            Events(
                Calls("""{"index":0,"id":"a","function":{"name":"f","arguments":"{\"x\""}}""", """{"index":0,"id":"b","function":{"name":"g","arguments":"{\"y\""}}"""),
                Calls("""{"index":0,"id":"b","function":{"arguments":":2}"}}""", """{"index":0,"id":"a","function":{"arguments":":1}"}}"""), Stop),
            """[tool_calls] a:f({"x":1}) b:g({"y":2})"""),
        ["calls have no index"] = (
            Events(Calls("""{"id":"a","function":{"name":"f","arguments":"{\"x\""}}"""), Calls("""{"function":{"arguments":":1}"}}"""), Calls("""{"id":"b","function":{"name":"g","arguments":"{}"}}"""), Stop),
            """[tool_calls] a:f({"x":1}) b:g({})"""),
        ["calls have neither index nor id"] = (
            Events(Calls("""{"function":{"name":"f","arguments":"{\"x\":1}"}}""", """{"function":{"name":"f","arguments":"{\"x\":2}"}}"""), Stop),
            """[tool_calls] *:f({"x":1}) *:f({"x":2})"""),
        ["calls share an index and have no id"] = (
            Events(Calls("""{"index":0,"function":{"name":"f","arguments":"{\"x\":1}"}}"""), Calls("""{"index":0,"function":{"name":"f","arguments":"{\"x\":2}"}}"""), Stop),
            """[tool_calls] *:f({"x":1}) *:f({"x":2})"""),
        ["calls share an id"] = (
            Events(Calls("""{"index":0,"id":"a","function":{"name":"f","arguments":"{}"}}""", """{"index":1,"id":"a","function":{"name":"g","arguments":""}}"""), Calls("""{"index":1,"id":"a","function":{"arguments":"{\"y\":2}"}}"""), Stop),
            """[tool_calls] a:f({}) *:g({"y":2})"""),
        ["a call's id is empty"] = (Events(Calls("""{"index":0,"id":"","function":{"name":"f","arguments":"{}"}}"""), Calls("""{"index":0,"id":"","function":{"arguments":""}}"""), Stop), "[tool_calls] *:f({})"),
        ["a call's id and name come with every piece"] = (
            Events(Calls("""{"index":0,"id":"a","function":{"name":"f","arguments":"{\"x\""}}"""), Calls("""{"index":0,"id":"a","function":{"name":"f","arguments":":1}"}}"""), Stop),
            """[tool_calls] a:f({"x":1})"""),
        ["a call's name comes with every piece, without an id"] = (
            Events(Calls("""{"index":0,"function":{"name":"f","arguments":"{\"x\""}}"""), Calls("""{"index":0,"function":{"name":"f","arguments":":1}"}}"""), Stop),
            """[tool_calls] *:f({"x":1})"""),
        ["a call's indexes are strings and begin at 1"] = (Events(Calls("""{"index":"1","id":"a","type":"","function":{"name":"f","arguments":"{\"x\""}}"""), Calls("""{"index":"1","function":{"arguments":":1}"}}"""), Stop), """[tool_calls] a:f({"x":1})"""),
        ["a call stands without a list"] = (Events(Says(""" "tool_calls":{"id":"a","function":{"name":"f","arguments":"{}"}} """), Stop), "[tool_calls] a:f({})"),
        ["a call has one level less"] = (Events(Calls("""{"id":"a","name":"f","arguments":{"x":1}}"""), Stop), """[tool_calls] a:f({"x":1})"""),
        ["a call is a function_call"] = (
            Events(Says(""" "function_call":{"name":"f","arguments":"{\"x\""} """), Says(""" "function_call":{"arguments":":1}"} """), Says("", "\"function_call\"")), """[tool_calls] *:f({"x":1})"""),

        // One object, as to a call without a stream.
        ["a plain answer"] = ("""{"id":"c","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"Hello","refusal":null,"annotations":[]},"logprobs":null,"finish_reason":"stop"}],"usage":{"prompt_tokens":12,"completion_tokens":3,"total_tokens":15}}""", "Hello [stop] 12+3=15"),
        ["a plain answer of the least"] = ("""{"choices":[{"message":{"content":"Hello"}}]}""", "Hello [stop]"),
        ["a plain answer behind blanks"] = ("\n\n  \n" + """{"choices":[{"message":{"role":"","content":"Hello"},"finish_reason":""}]}""", "Hello [stop]"),
        ["a plain answer with a byte order mark"] = ("\uFEFF" + """{"choices":[{"message":{"content":"Hello"}}]}""", "Hello [stop]"),
        ["a plain answer in a list"] = ("""[{"choices":[{"message":{"content":"Hello"}}]}]""", "Hello [stop]"),
        ["a plain answer with odd values"] = (
            """{"id":1,"created":1.5,"choices":[{"index":0.0,"message":{"role":"model","content":[{"text":"Hello"}],"reasoning":"Hm","tool_calls":null},"finish_reason":"MAX_TOKENS"}],"usage":{"prompt_tokens":12.0,"completion_tokens":"3"}}""",
            "Hello {Hm} [length] 12+3=15"),
        ["a plain answer with calls"] = (
            """{"choices":[{"message":{"role":"assistant","content":null,"tool_calls":[{"id":"","function":{"name":"f","arguments":{"x":1}}},{"id":"b","type":"function","function":{"name":"g","arguments":""}}]},"finish_reason":"stop"}]}""",
            """[tool_calls] *:f({"x":1}) b:g({})"""),
        ["a plain answer that breaks off"] = ("""{"choices":[{"message":{"content":"Hel""", "502"),

        // Failures that look like answers.
        ["an error with a status"] = ("""{"error":{"message":"SECRET","code":429}}""", "429"),
        ["an error with a status as a string"] = ("""{"error":{"message":"SECRET","code":"429"}}""", "429"),
        ["an error with a status beside it"] = ("""{"error":{"message":"SECRET"},"status_code":429}""", "429"),
        ["an error whose type is a rate limit"] = ("""{"error":{"message":"SECRET","type":"rate_limit_error"}}""", "429"),
        ["an error that is a text"] = ("""{"error":"SECRET"}""", "502"),
        ["an error beside choices"] = ("""{"error":{"message":"SECRET","code":503},"choices":[{"message":{"content":"Hello"},"finish_reason":"stop"}]}""", "502"),
        ["an error in the old form"] = ("""{"object":"error","message":"SECRET","code":429}""", "429"),
        ["an error behind words"] = (Events(Says("\"content\":\"Hel\""), """{"error":{"message":"SECRET","code":429}}"""), "429"),
        ["an error in an event of its name"] = ($"data: {Says("\"content\":\"Hel\"")}\n\nevent: error\ndata: {{\"message\":\"SECRET\",\"code\":429}}\n\n", "429"),
        ["an error event that is no JSON"] = ("event: error\ndata: SECRET\n\n", "502"),
        ["an error in a choice"] = (Events(Choice("""{"index":0,"delta":{"content":""},"finish_reason":"error","error":{"code":429,"message":"SECRET"}}""")), "429"),
        ["an error that is null or empty"] = (Events("""{"error":null,"choices":[{"delta":{"content":"Hello"}}]}""", """{"error":"","choices":[]}""", """{"error":{},"choices":[]}"""), "Hello [stop]"),
        ["a status and no choices"] = ("""{"code":429,"msg":"SECRET","success":false}""", "429"),
        ["no choices"] = ("""{"id":"c","choices":[]}""", "502"),
        ["nothing but [DONE]"] = (Done, "502"),
        ["nothing at all"] = ("", "502"),
        ["a web page"] = ("<!DOCTYPE html><title>502 Bad Gateway</title>SECRET", "502"),
        ["a line of text"] = ("upstream connect error: SECRET", "502"),
    };

    private static string Events(params string[] events) => string.Concat(events.Select(data => $"data: {data}\n\n")) + Done;

    private static string Choice(string choice) => $$"""{"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{{choice}}]}""";

    private static string Calls(params string[] calls) => Says($"\"tool_calls\":[{string.Join(',', calls)}]");

    private static string Says(string delta, string finish = "null", string? usage = null)
    {
        var counts = usage?.Split(',');
        var more = counts is null ? "" : $$""","usage":{"prompt_tokens":{{counts[0]}},"completion_tokens":{{counts[1]}},"total_tokens":{{counts[2]}}}""";
        return $$$"""{"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{{{{delta}}}},"finish_reason":{{{finish}}}}]{{{more}}}}""";
    }
}
