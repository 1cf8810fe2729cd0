using System.IO.Compression;
using System.Net;
using Hermes.Core.Sessions;
using Hermes.Core.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Hermes.Core.Tests.Http;

public class EntityTagTests
{
    // Every call that answers with a tag.
    private static readonly string[] Paths =
    [
        "/api/sessions", "/api/sessions?limit=1", "/api/sessions?source=api_server&include_children=1", "/api/sessions/one", "/api/sessions/on",
        "/api/sessions/one/messages", "/api/analytics/usage", "/api/sessions/search?q=x", "/api/memory", "/api/memory?target=all", "/api/skills", "/api/skills?content=0",
        "/api/skills/categories", "/api/skills/docker", "/api/config", "/api/available-models", "/v1/capabilities",
    ];

    public static TheoryData<string> Tagged => new(Paths);

    [Theory]
    [MemberData(nameof(Tagged))]
    public async Task Get_KnownTag_Is304InEveryFormThatProxiesMakeOfIt(string path)
    {
        await using var server = await StartAsync();
        var first = await server.Client.GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        var tag = first.Headers.ETag!.Tag;
        var text = tag.Trim('"');

        foreach (var known in (string[])[tag, $"W/{tag}", $"w/{tag}", $"\"other\", {tag}", $"\"a,b\" ,W/{tag}", $"\"{text}-gzip\"", $"W/\"{text}-gzip\"", $"\"{text}-br\"", "*"])
        {
            foreach (var method in (HttpMethod[])[HttpMethod.Get, HttpMethod.Head])
            {
                var answer = await AskAsync(server, path, known, method);
                Assert.True(answer.StatusCode is HttpStatusCode.NotModified, $"{method} {path} If-None-Match {known}: {answer.StatusCode}");
                Assert.Equal(tag, answer.Headers.ETag!.Tag);
                Assert.Equal("no-cache, private", answer.Headers.CacheControl!.ToString());
                Assert.Empty(await answer.Content.ReadAsByteArrayAsync());
            }
        }

        foreach (var other in (string[])["\"other\"", $"\"{text}x\"", $"\"x{text}\"", $"\"{text}-gzip-gzip\"", text, "\"*\"", "\"\"", $"\"{text}", "W/"])
            Assert.True((await AskAsync(server, path, other)).StatusCode is HttpStatusCode.OK, $"{path} If-None-Match {other}");
    }

    [Theory]
    [MemberData(nameof(Tagged))]
    public async Task Head_Answer_HasTheHeadersOfGet(string path)
    {
        await using var server = await StartAsync();

        var get = await server.Client.GetAsync(path);
        var head = await server.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, path));

        Assert.Equal(get.StatusCode, head.StatusCode);
        Assert.Equal(get.Headers.ETag, head.Headers.ETag);
        Assert.Equal(get.Headers.CacheControl, head.Headers.CacheControl);
        Assert.Equal(get.Content.Headers.ContentType, head.Content.Headers.ContentType);
        Assert.Equal((await get.Content.ReadAsByteArrayAsync()).Length, head.Content.Headers.ContentLength);
    }

    [Theory]
    [InlineData("/api/sessions/missing", HttpStatusCode.NotFound)]
    [InlineData("/api/sessions/missing/messages", HttpStatusCode.NotFound)]
    [InlineData("/api/sessions?before=broken", HttpStatusCode.BadRequest)]
    [InlineData("/api/sessions?limit=x", HttpStatusCode.BadRequest)]
    [InlineData("/api/sessions/one/messages?order=sideways", HttpStatusCode.BadRequest)]
    [InlineData("/api/sessions/search?q=", HttpStatusCode.BadRequest)]
    [InlineData("/api/skills/missing", HttpStatusCode.NotFound)]
    [InlineData("/api/skills/docker?file_path=references/missing.md", HttpStatusCode.NotFound)]
    [InlineData("/api/memory?target=nothing", HttpStatusCode.BadRequest)]
    [InlineData("/v1/runs/missing/events", HttpStatusCode.NotFound)]
    public async Task Get_WhatIsMissingOrRefused_IsNever304(string path, HttpStatusCode status)
    {
        await using var server = await StartAsync();
        List<string> tags = ["*"];
        foreach (var other in Paths)
            tags.Add((await server.Client.GetAsync(other)).Headers.ETag!.Tag);

        foreach (var tag in tags.Append(string.Join(", ", tags.Skip(1))))
        {
            var answer = await AskAsync(server, path, tag);
            Assert.Equal(status, answer.StatusCode);
            Assert.Null(answer.Headers.ETag);
            Assert.Equal("no-store", answer.Headers.CacheControl?.ToString());
        }
    }

    [Fact]
    public async Task Get_TagOfAnotherPathOrQuery_IsNotKnown()
    {
        await using var server = await StartAsync();
        string[] paths = ["/api/sessions", "/api/sessions?limit=1", "/api/sessions?offset=1", "/api/sessions/one", "/api/sessions/two", "/api/sessions/one/messages", "/api/sessions/one/messages?limit=1"];
        foreach (var path in paths)
        {
            var tag = (await server.Client.GetAsync(path)).Headers.ETag!.Tag;
            foreach (var other in paths.Where(other => other != path))
                Assert.True((await AskAsync(server, other, tag)).StatusCode is HttpStatusCode.OK, $"{other} with the tag of {path}");
        }
    }

    [Fact]
    public async Task Get_SessionThatWasDeleted_Is404ToWhoHasItsTag()
    {
        await using var server = await StartAsync();
        var tag = (await server.Client.GetAsync("/api/sessions/two")).Headers.ETag!.Tag;

        await server.Client.DeleteAsync("/api/sessions/two");

        Assert.Equal(HttpStatusCode.NotFound, (await AskAsync(server, "/api/sessions/two", tag)).StatusCode);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    public async Task Get_InAnAppThatCompresses_IsTheSameAnswerAndTag(string encoding)
    {
        await using var server = await StartAsync(compress: true);
        foreach (var path in Paths)
        {
            var plain = await server.Client.GetAsync(path);
            var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { { "Accept-Encoding", encoding } } };
            var answer = await server.Client.SendAsync(request);

            Assert.Equal([encoding], answer.Content.Headers.ContentEncoding);
            await using var body = await answer.Content.ReadAsStreamAsync();
            await using Stream unpacked = encoding is "gzip" ? new GZipStream(body, CompressionMode.Decompress) : new BrotliStream(body, CompressionMode.Decompress);
            using var reader = new StreamReader(unpacked);
            Assert.Equal(await plain.Content.ReadAsStringAsync(), await reader.ReadToEndAsync());
            Assert.Equal(plain.Headers.ETag, answer.Headers.ETag);

            var again = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { { "Accept-Encoding", encoding }, { "If-None-Match", answer.Headers.ETag!.ToString() } } };
            Assert.Equal(HttpStatusCode.NotModified, (await server.Client.SendAsync(again)).StatusCode);
        }
    }

    private static async Task<HermesServer> StartAsync(bool compress = false)
    {
        var server = await HermesServer.StartAsync(
            configure: builder => builder.Services.AddResponseCompression(),
            map: app =>
            {
                if (compress)
                    app.UseResponseCompression();

                app.MapHermesApi();
            });
        server.Home.Write("skills/devops/docker/SKILL.md", "---\nname: docker\n---\nBuild.");
        server.Home.Write("memories/MEMORY.md", "one\n§\ntwo");
        server.Home.Write("config.yaml", "model: m\n");
        var store = server.Services.GetRequiredService<SessionStore>();
        await store.CreateAsync(new NewSession { Id = "one" });
        await store.CreateAsync(new NewSession { Id = "two" });
        return server;
    }

    private static Task<HttpResponseMessage> AskAsync(HermesServer server, string path, string known, HttpMethod? method = null)
    {
        var request = new HttpRequestMessage(method ?? HttpMethod.Get, path);
        Assert.True(request.Headers.TryAddWithoutValidation("If-None-Match", known));
        return server.Client.SendAsync(request);
    }
}
