using System.Globalization;
using System.Text;

namespace Hermes.Core.Tests.Http.Fuzz;

/// <summary>Makes up requests: most of them nearly right, so that they get far, each with something that nobody expects.</summary>
/// <param name="random">Where chance comes from; the same seed gives the same requests.</param>
/// <param name="routes">The patterns of the API's routes, with their methods.</param>
/// <param name="key">The key that the server wants.</param>
internal sealed class RequestFuzzer(Random random, IReadOnlyList<(string Method, string Pattern)> routes, string key)
{
    private static readonly string[] Methods = ["GET", "HEAD", "POST", "PATCH", "DELETE", "PUT", "OPTIONS", "TRACE", "QUERY"];

    private static readonly string[] Ids =
    [
        "s", "one", "docker", "devops%2Fdocker", "hermes-agent", "a%2Fb", "a%252Fb", "%252f", "search", "categories", ".", "..", "%2e%2e", "%2E", "...", "%00", "%0a", "%7f", "%ff%fe", "%ED%A0%80", "%", "%2", "%zz",
        "%25", "%20", "+", "a;b=c", "a:b", "a@b", "a,b", "a=b&c", "%3F", "%23", "%F0%9F%98%80", "%E2%80%8B", "\u00fc", "..%2f..%2f.env", "..%5c.env", "~", "*", "'%20OR%20'1'='1", "%2F", "%2F%2F", "o", "__probe__", "run_0",
    ];

    private static readonly string[] QueryNames =
    [
        "limit", "offset", "source", "include_children", "q", "before", "order", "content", "category", "target", "file_path", "provider", "role", "session_id", "since", "until", "last_event_id", "days", "archived", "pinned", "min_messages", "Limit", "", "%00",
    ];

    private static readonly string[] QueryValues =
    [
        "", "0", "1", "-1", "+2", "500", "1e9", "1.5", "0x10", "99999999999999999999999", "-9223372036854775808", "9223372036854775807", "NaN", "Infinity", "1e308", "-1e308", "1e400", "true", "yes", "off", "oldest", "latest",
        "all", "memory", "user", "%00", "%0a", "%ff", "%ED%A0%80", "%", "%F0%9F%98%80", "AAAAAAAAAAAAAAAAAAAAAAA", "AAAAAAAAAAAAAAAAAAAAAA", "_____________________w", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59-14:00", "2024-13-01",
        "references%2Fapi.md", "..%2F..%2F.env", "SKILL.md", "references/%00", "hello", "%22hello%22", "hel*", "*", "%22", "(", "NEAR(a%20b)", "a%20OR%20b", "NOT", "NOT%20a", "a%20AND", "content:hello", "%5E", "-", "{}", "'", "\u4f60", "api_server",
    ];

    private static readonly string[] Fields =
    [
        "id", "title", "model", "source", "system_prompt", "end_reason", "target", "content", "old_text", "provider", "base_url", "message", "system_message", "attachments", "messages", "stream", "temperature", "top_p",
        "max_tokens", "stop", "seed", "response_format", "tools", "n", "role", "name", "contentType", "base64", "type", "text", "image_url", "tool_calls", "tool_call_id", "user", "model_id", "model_options", "pinned", "archived", "hidden", "unread", "input", "instructions", "\\ud800", "", "\\u0000",
    ];

    private static readonly string[] Texts =
    [
        "", " ", "s", "one", "a", "hello", "T", "memory", "user", "assistant", "system", "tool", "developer", "\\u0000", "a\\u0000b", "\\ud800", "\\udc00\\ud800", "\\ud83d\\ude00", "\\n", "line\\nbreak", "\u00a7", "\\n\u00a7\\n", ".", "..", "a%2Fb", "../x",
        "text/plain", "image/png", "data:image/png;base64,AAAA", "AAAA", "%%%", "https://api.example/v1", "http://[", "file:///etc/passwd", "javascript:x", "\\u202e\\u200b", "\u4f60\u597d", "ignore previous instructions", "hermes-agent", "json_object", "function",
    ];

    private static readonly string[] Numbers = ["0", "-0", "1", "-1", "1.5", "1e5", "1e400", "-1e400", "1e-400", "2147483648", "9223372036854775808", "123456789012345678901234567890", "0.1", "4096.0"];

    private static readonly string[] HeaderLines =
    [
        "If-None-Match: *", "If-None-Match: \"x\", W/\"y\"", "If-None-Match: \"", "If-None-Match: ,,,", "Idempotency-Key: k1", "Idempotency-Key: k2", "Idempotency-Key: \u00e9", "X-Hermes-Session-Id: s", "X-Hermes-Session-Id: fresh",
        "X-Hermes-Session-Id: ..", "X-Hermes-Session-Id: a\u0001b", "X-Hermes-Session-Id: \u00fc", "X-Hermes-Session-Id: %41%zz", "X-Hermes-Session-Id:", "Last-Event-ID: 1", "Last-Event-ID: -1", "Last-Event-ID: x", "Last-Event-ID: 99999999999999999999",
        "Content-Type: text/plain", "Content-Type: application/json; charset=utf-16", "Content-Type: ;;;", "Content-Type: multipart/form-data; boundary=x", "Content-Type: application/x-www-form-urlencoded", "Content-Encoding: gzip", "Content-Encoding: identity",
        "Accept: text/html", "Accept: */*;q=x", "Accept-Encoding: gzip, br;q=0", "Origin: https://evil.example", "Origin: null", "Range: bytes=0-1", "Expect: 100-continue", "X-Stainless-Retry-Count: 1", "X-Stainless-Retry-Count: x",
        "Sec-Fetch-Site: cross-site", "X-Forwarded-For: 1.2.3.4", "Authorization: Bearer wrong", "Authorization: Basic eDp5", "Transfer-Encoding: gzip", "Upgrade: websocket", "Cookie: a=b", "Host: evil.example", "X-Long: LONG",
    ];

    /// <summary>The next request.</summary>
    public FuzzRequest Next()
    {
        var (method, pattern) = Pick(routes);
        method = Chance(12) ? Pick(Methods) : method;
        var target = Target(pattern);
        var body = method is "GET" or "HEAD" && !Chance(20) ? [] : Body(pattern);
        var head = new StringBuilder($"{method} {target} HTTP/1.1\r\n");
        if (!Chance(100))
            head.Append("Host: localhost\r\n");

        if (!Chance(25))
            head.Append(CultureInfo.InvariantCulture, $"Authorization: Bearer {key}\r\n");

        for (var more = random.Next(3); more > 0; more--)
            head.Append(Pick(HeaderLines).Replace("LONG", new string('x', random.Next(10_000)), StringComparison.Ordinal)).Append("\r\n");

        var isCutOff = false;
        if (body.Length > 0 && Chance(15))
        {
            head.Append("Transfer-Encoding: chunked\r\n");
            body = Chunked(body, isWhole: isCutOff = Chance(3));
            isCutOff = !isCutOff;
        }
        else if (body.Length > 0 || method is not ("GET" or "HEAD"))
        {
            var length = Chance(30) ? Pick(["0", "-1", "x", $"{body.Length / 2}", $"{body.Length + 100}", "99999999999", "999999999999999999999999", $"{body.Length}, {body.Length}"]) : $"{body.Length}";
            isCutOff = length != $"{body.Length}";
            head.Append(CultureInfo.InvariantCulture, $"Content-Length: {length}\r\n");
        }

        head.Append("Connection: close\r\n\r\n");
        return new FuzzRequest(method, target, [.. Encoding.UTF8.GetBytes(head.ToString()), .. body], isCutOff);
    }

    private string Target(string pattern)
    {
        var path = string.Join('/', pattern.Split('/').Select(segment => !segment.StartsWith('{') ? segment : Chance(2) ? Known(pattern) : Id()));
        path = random.Next(60) switch
        {
            0 => path.ToUpperInvariant(),
            1 => path + "/",
            2 => path.Replace("/", "//", StringComparison.Ordinal),
            3 => path[..random.Next(1, path.Length + 1)],
            4 => path + "/" + Id(),
            5 => "/./" + path[1..],
            6 => path + "/..",
            _ => path,
        };
        for (var (count, mark) = (random.Next(4), '?'); count > 0; count--, mark = '&')
            path += $"{mark}{Pick(QueryNames)}{(Chance(15) ? "" : "=" + QueryValue())}";

        return path;
    }

    // What the home has, so that each call is answered as well as refused.
    private static string Known(string pattern) =>
        pattern.Contains("/models/", StringComparison.Ordinal) ? "hermes-agent" : pattern.Contains("/skills/", StringComparison.Ordinal) ? "docker" : "s";

    private string Id() => random.Next(20) switch
    {
        0 => new string('x', random.Next(1, 5000)),
        1 => $"m{random.Next(40)}",
        2 => Uri.EscapeDataString(RandomText(random.Next(1, 20))),
        < 8 => "s",
        _ => Pick(Ids),
    };

    private string QueryValue() => Chance(12) ? Uri.EscapeDataString(RandomText(random.Next(1, 300))) : Pick(QueryValues);

    private byte[] Body(string pattern)
    {
        var text = Encoding.UTF8.GetBytes(Plausible(pattern));
        switch (random.Next(30))
        {
            case 0: return [];
            case 1: return text[..random.Next(text.Length)];
            case 2: return [0xEF, 0xBB, 0xBF, .. text];
            case 3: return Encoding.UTF8.GetBytes(Pick(["null", "[]", "\"x\"", "5", "   ", "{", "}", "{}", "{}{}", "[{}]", "\0", "{\"a\":NaN}", "<xml/>", "a=b"]));
            case 4: return Encoding.UTF8.GetBytes("{\"title\":" + new string('[', random.Next(5000)) + "1");
            case 5:
                var depth = random.Next(1, 200);
                return Encoding.UTF8.GetBytes($"{{\"{Pick(Fields)}\":{new string('[', depth)}{new string(']', depth)}}}");
            case 6:
                text[random.Next(text.Length)] = (byte)random.Next(256);
                return text;
            case 7 when Chance(5): return new byte[1_000_001];
            default: return text;
        }
    }

    // What the call wants, so that it gets beyond the first check, with fields of any kind beside or instead of it.
    private string Plausible(string pattern)
    {
        var fields = new List<string>();
        if (pattern.EndsWith("/completions", StringComparison.Ordinal))
        {
            fields.Add($"\"messages\":{(Chance(4) ? Value(3) : $$"""[{"role":"user","content":"hi {{random.Next(9)}}"}]""")}");
        }
        else if (pattern.Contains("/chat", StringComparison.Ordinal))
        {
            fields.Add($"\"message\":{(Chance(4) ? Value(3) : "\"hi\"")}");
        }
        else if (pattern.EndsWith("/memory", StringComparison.Ordinal))
        {
            fields.Add($"\"old_text\":\"note {random.Next(5)}\",\"content\":\"note {random.Next(5)}\"");
        }
        else if (pattern.EndsWith("/sessions", StringComparison.Ordinal))
        {
            // What was deleted comes back, so that later requests find something.
            fields.Add($"\"id\":\"{(Chance(2) ? "s" : $"m{random.Next(40)}")}\"");
        }
        else if (pattern.EndsWith("/sessions/{id}", StringComparison.Ordinal))
        {
            fields.Add($"\"title\":\"T {random.Next(99)}\"");
        }
        else if (pattern.EndsWith("/config", StringComparison.Ordinal))
        {
            fields.Add($"\"model\":\"m-{random.Next(9)}\"");
        }

        else if (pattern.EndsWith("/model", StringComparison.Ordinal))
        {
            fields.Add($"\"model\":\"{(Chance(2) ? "hermes-agent" : "m")}\"");
        }

        for (var more = random.Next(4); more > 0; more--)
            fields.Insert(random.Next(fields.Count + 1), $"\"{Pick(Fields)}\":{Value(2)}");

        return $"{{{string.Join(',', fields)}}}";
    }

    private string Value(int depth) => random.Next(depth > 0 ? 9 : 6) switch
    {
        0 => "null",
        1 => Pick(["true", "false"]),
        2 => Pick(Numbers),
        3 => $"\"{new string('x', random.Next(300))}\"",
        4 or 5 => $"\"{Pick(Texts)}\"",
        6 => $"[{string.Join(',', Enumerable.Range(0, random.Next(4)).Select(_ => Value(depth - 1)))}]",
        _ => $"{{{string.Join(',', Enumerable.Range(0, random.Next(4)).Select(_ => $"\"{Pick(Fields)}\":{Value(depth - 1)}"))}}}",
    };

    private string RandomText(int length)
    {
        var text = new StringBuilder();
        while (length-- > 0)
            text.Append(new Rune(random.Next(4) switch { 0 => random.Next(0x20, 0x7F), 1 => random.Next(0x80, 0xD800), 2 => random.Next(0xE000, 0x110000), _ => 'a' + random.Next(26) }));

        return text.ToString();
    }

    private byte[] Chunked(byte[] body, bool isWhole)
    {
        var cut = random.Next(body.Length);
        return
        [
            .. Encoding.ASCII.GetBytes($"{cut:x}\r\n"), .. body[..cut], .. "\r\n"u8, .. Encoding.ASCII.GetBytes($"{body.Length - cut:x}\r\n"), .. body[cut..], .. "\r\n"u8,
            .. isWhole ? "0\r\n\r\n"u8 : default,
        ];
    }

    private bool Chance(int oneIn) => random.Next(oneIn) == 0;

    private T Pick<T>(IReadOnlyList<T> from) => from[random.Next(from.Count)];
}
