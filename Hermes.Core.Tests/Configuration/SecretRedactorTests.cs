using Hermes.Core.Configuration;
using Hermes.Core.Yaml;

namespace Hermes.Core.Tests.Configuration;

public sealed class SecretRedactorTests
{
    [Theory]
    [InlineData("{api_key: s3cr3t, model: m}", """{"model":"m","has_api_key":true}""")]
    [InlineData("{apiKey: s, API_KEY: s, api-key: s}", """{"has_api_key":true}""")]
    [InlineData("{token: s3cr3t, url: u}", """{"url":"u"}""")]
    [InlineData("{password: 12345, pin: 1234, salt: 1.5, secret: 2024-01-02}", "{}")]
    [InlineData("{api_key: '', token: null, password: ~}", """{"api_key":"","token":null,"password":null}""")]
    [InlineData("{use_password: true, api_key: no}", """{"use_password":true,"api_key":false}""")]
    [InlineData("{api_key: '${OPENAI_API_KEY}'}", """{"api_key":"${OPENAI_API_KEY}"}""")]
    [InlineData("{api_key: '${OPENAI_API_KEY:-s3cr3t}'}", """{"has_api_key":true}""")]
    [InlineData("{max_tokens: 4096, token_budget: 5, tokens: 7}", """{"max_tokens":4096,"token_budget":5,"tokens":7}""")]
    [InlineData("{tokens: [s3cr3t], credentials: {user: u, x: s}, secrets: {a: s}}", "{}")]
    [InlineData("{api_keys: {openai: s}}", """{"has_api_key":true}""")]
    [InlineData("[[{password: s, a: [{token: s, b: 1}]}]]", """[[{"a":[{"b":1}]}]]""")]
    public void Redact_KeyThatNamesSecret_IsRemoved(string yaml, string expected) => AssertRedacted(expected, yaml);

    [Theory]
    [InlineData("{api_key_env: CHEAP_KEY, key_env: K}", """{"api_key_env":"CHEAP_KEY","key_env":"K"}""")]
    [InlineData("{api_key_env: sk-abcdef0123456789}", "{}")]
    [InlineData("{token_env: ghp_abcdefghijklmnopqrst}", "{}")]
    [InlineData("{token_env: 'not a name'}", "{}")]
    [InlineData("{token_env: {A: s3cr3t}}", """{"token_env":{"A":"[redacted]"}}""")]
    public void Redact_NameOfVariable_StaysIfItIsOne(string yaml, string expected) => AssertRedacted(expected, yaml);

    [Theory]
    [InlineData("{headers: {Authorization: Bearer s, X-Org: acme, n: 1, b: true, e: '', r: '${V}'}}",
        """{"headers":{"Authorization":"[redacted]","X-Org":"[redacted]","n":"[redacted]","b":"[redacted]","e":"","r":"${V}"}}""")]
    [InlineData("{extra_headers: ['Authorization: Bearer s', {name: X-Org, value: s}, [X-Key, s]]}",
        """{"extra_headers":["Authorization: [redacted]",{"name":"X-Org","value":"[redacted]"},["X-Key","[redacted]"]]}""")]
    [InlineData("{headers: 'Authorization: Bearer s'}", """{"headers":"Authorization: [redacted]"}""")]
    [InlineData("{env: {NAME: NAME, PATH: /usr/bin}, docker_env: {T: {x: s}}}",
        """{"env":{"NAME":"[redacted]","PATH":"[redacted]"},"docker_env":{"T":"[redacted]"}}""")]
    [InlineData("{env: [A=s3cr3t, HOME, s3cr3tvalue, {name: B, value: s}]}",
        """{"env":["A=[redacted]","HOME","[redacted]",{"name":"B","value":"[redacted]"}]}""")]
    [InlineData("{environment: production}", """{"environment":"production"}""")]
    [InlineData("{api_key_header: X-Api-Key}", """{"api_key_header":"X-Api-Key"}""")]
    public void Redact_HeadersAndEnvironments_KeepNamesAlone(string yaml, string expected) => AssertRedacted(expected, yaml);

    [Theory]
    [InlineData("{auth: s3cr3t}", "{}")]
    [InlineData("{auth: [u, p]}", "{}")]
    [InlineData("{auth: {type: bearer, value: s, token: s, client_id: c}}", """{"auth":{"type":"bearer","client_id":"c"}}""")]
    [InlineData("{query: {key: s, code: s, page: 1}}", """{"query":{"page":1}}""")]
    [InlineData("[{name: Authorization, value: s}, {name: page, value: 1}]", """[{"name":"Authorization"},{"name":"page","value":1}]""")]
    [InlineData("{x: !!omap [api_key: s, page: 1]}", """{"x":[["api_key","[redacted]"],["page",1]]}""")]
    [InlineData("{args: [-y, --token, s3cr3t, --key=s3cr3t, --port, '80', -u, 'a:b']}",
        """{"args":["-y","--token","[redacted]","--key=[redacted]","--port","80","-u","[redacted]"]}""")]
    public void Redact_PlaceThatMakesSecret_HidesTheValue(string yaml, string expected) => AssertRedacted(expected, yaml);

    [Theory]
    [InlineData("{webhook_url: https://hooks.example/services/T0/B0/s}", """{"webhook_url":"https://hooks.example/[redacted]"}""")]
    [InlineData("{webhook: {url: https://h.example/s?t=s, enabled: true}}", """{"webhook":{"url":"https://h.example/[redacted]","enabled":true}}""")]
    [InlineData("{webhooks: [https://u:s@h.example/s]}", """{"webhooks":["https://h.example/[redacted]"]}""")]
    [InlineData("{connection_string: postgres://u:s@db.example:5432/mem}", """{"connection_string":"postgres://db.example:5432/mem"}""")]
    [InlineData("{connectionString: 'Server=db;Password=a b c;Database=d'}",
        """{"connectionString":"Server=db;Password=[redacted];Database=d"}""")]
    [InlineData("{connection_string: opaque}", """{"connection_string":"[redacted]"}""")]
    public void Redact_AddressThatOpens_KeepsWhereItLeads(string yaml, string expected) => AssertRedacted(expected, yaml);

    [Theory]
    [InlineData("{voice_id: pNInz6obpgDQGcFmaJgB}", """{"voice_id":"pNInz6obpgDQGcFmaJgB"}""")]
    [InlineData("{voices: {bob: pNInz6obpgDQGcFmaJgB}}", """{"voices":{"bob":"pNInz6obpgDQGcFmaJgB"}}""")]
    [InlineData("{voice_ids: [pNInz6obpgDQGcFmaJgB]}", """{"voice_ids":["pNInz6obpgDQGcFmaJgB"]}""")]
    [InlineData("{commit: da39a3ee5e6b4b0d3255bfef95601890afd80709}", """{"commit":"da39a3ee5e6b4b0d3255bfef95601890afd80709"}""")]
    [InlineData("{voice_id: ghp_abcdefghijklmnopqrst}", """{"voice_id":"[redacted]"}""")]
    [InlineData("{cheap_model: {note: pNInz6obpgDQGcFmaJgB}}", """{"cheap_model":{"note":"[redacted]"}}""")]
    public void Redact_Identifier_MayLookRandom(string yaml, string expected) => AssertRedacted(expected, yaml);

    [Theory]
    [InlineData("{ghp_abcdefghijklmnopqrst: x}", """{"[redacted]":"x"}""")]
    [InlineData("{a: !!binary aGk=}", """{"a":"aGk="}""")]
    [InlineData("{a: !!binary cGFzc3dvcmQ9aHVudGVyMg==}", """{"a":"[redacted]"}""")]
    [InlineData("!!set {ghp_abcdefghijklmnopqrst, b}", """["[redacted]","b"]""")]
    public void Redact_KeysBinaryAndSets_AreLookedThroughToo(string yaml, string expected) => AssertRedacted(expected, yaml);

    [Theory]
    [InlineData("[{name: a, api_key: s}, s3cr3t, [nested, {token: s, name: b}], 5]", """[{"name":"a","has_api_key":true},[{"name":"b"}]]""")]
    [InlineData("{corp: {api_key: s, base_url: https://x}, stray: s3cr3t}", """{"corp":{"base_url":"https://x","has_api_key":true}}""")]
    [InlineData("{name: corp, base_url: https://x, models: {m: {}}}", """{"name":"corp","base_url":"https://x","models":{"m":{}}}""")]
    [InlineData("s3cr3t", "null")]
    public void RedactProviders_WhatIsNoProvider_Goes(string yaml, string expected) =>
        Assert.Equal(expected, Json(SecretRedactor.RedactProviders(YamlLoader.Load(yaml))));

    [Fact]
    public void Redact_Value_LeavesTheGivenOneAsItIs()
    {
        var loaded = YamlLoader.Load("{a: {token: s3cr3t}, env: {B: s3cr3t}}");

        SecretRedactor.Redact(loaded);

        Assert.Equal("""{"a":{"token":"s3cr3t"},"env":{"B":"s3cr3t"}}""", Json(loaded));
    }

    public static TheoryData<string> Shapes =>
    [
        "{api_key: $}", "{x: {y: [{z: {accessToken: $}}]}}", "{Password: '$'}", "{CLIENT-SECRET: $}", "{private_key: \"-----BEGIN X-----\\n$\\n-----END X-----\"}",
        "{headers: {X-Any: '$'}}", "{headers: ['X-Any: $']}", "{env: {ANY: $}}", "{env: ['ANY=$']}", "{env: [{name: ANY, value: $}]}", "{terminal_env: {a: [$]}}",
        "{cookies: {sid: $}}", "{auth: {basic: $}}", "{token: [$]}", "{tokens: {a: $}}", "{dsn: https://$@s.example/1}",
        "{url: 'https://u:$@h.example/x'}", "{url: 'https://:$@h.example/x'}", "{url: 'redis://u:a/$@h.example/x'}", "{url: 'redis://u:a@b/$@h.example/x'}",
        "{url: 'https://h.example/x?access_token=$&y=1'}", "{url: 'https://h.example/x?y=1&sig=$'}", "{url: 'https://h.example/x#token=$'}",
        "{webhook_url: https://h.example/a/$}", "{notify: https://hooks.slack.com/services/T/B/$}", "{note: 'see u:$@h.example please'}",
        "{connection_string: 'Server=x;Pwd=$;'}", "{note: 'export ANY=$'}", "{note: 'MY_TOKEN=$ run'}", "{note: 'run --api-key $ now'}", "{note: 'run --token=$ now'}",
        "{note: 'curl -H \"Authorization: Bearer $\" x'}", "{note: 'Bearer $'}", "{note: 'password: $'}", "{note: '{\"api_key\": \"$\"}'}", "{args: [--secret, $]}",
        "{args: ['--secret=$']}", "{note: eyJhbGciOiJIUzI1NiJ9.eyJ$.x}", "{note: sk-$}", "{note: ghp_$}", "{query: {key: $}}", "[{name: api_key, value: $}]",
        "{x: !!omap [token: $]}", "{ghp_$: x}", "{api_key_env: 'x-$'}", "[[[{api_key: $}]]]", "{note: \"-----BEGIN PRIVATE KEY-----\\n$\"}",
    ];

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Redact_SecretPlantedInAnyShape_IsGoneAndItsNeighboursStay(string shape)
    {
        var random = new Random(shape.Length);
        for (var round = 0; round < 20; round++)
        {
            const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
            var secret = "s3" + new string(random.GetItems<char>(Alphabet, random.Next(10, 40))) + "Zq7";
            var planted = shape.Replace("$", secret, StringComparison.Ordinal);
            var yaml = $"- before: neighbour before\n- {planted}\n- after: neighbour after\n";

            var json = Json(SecretRedactor.Redact(YamlLoader.Load(yaml)));

            Assert.DoesNotContain(secret, json, StringComparison.Ordinal);
            Assert.StartsWith("""[{"before":"neighbour before"},""", json, StringComparison.Ordinal);
            Assert.EndsWith(""",{"after":"neighbour after"}]""", json, StringComparison.Ordinal);
        }
    }

    private static void AssertRedacted(string expected, string yaml) => Assert.Equal(expected, Json(SecretRedactor.Redact(YamlLoader.Load(yaml))));

    private static string Json(object? value) => YamlJsonTests.Render(value);
}
