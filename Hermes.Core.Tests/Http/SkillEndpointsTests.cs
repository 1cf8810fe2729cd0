using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Hermes.Core.Tests.Support;
using Hermes.Testing;

namespace Hermes.Core.Tests.Http;

public class SkillEndpointsTests
{
    [Fact]
    public async Task List_EmptyHome_IsEmpty()
    {
        await using var server = await HermesServer.StartAsync();

        await AssertJsonAsync("""{"object": "list", "items": [], "data": [], "total": 0, "success": true, "count": 0, "categories": []}""", await server.Client.GetAsync("/api/skills"));
        await AssertJsonAsync("""{"success": true, "categories": []}""", await server.Client.GetAsync("/api/skills/categories"));
    }

    [Fact]
    public async Task List_Skills_GivesThemWithTheirCategories()
    {
        await using var server = await HermesServer.StartAsync(options => options.Api.ListKeys = Hermes.Core.Http.ListKeys.Items);
        WriteSkills(server.Home);

        await AssertJsonAsync(
            """
            {
              "object": "list",
              "items": [
                {"id": "docker", "name": "docker", "description": "Compose stacks", "author": "", "tags": ["containers"], "triggers": [],
                 "category": "devops", "installed": true, "enabled": true, "sourcePath": "skills/devops/docker/SKILL.md"},
                {"id": "k8s", "name": "k8s", "description": "Run pods", "author": "", "tags": [], "triggers": ["kubectl"],
                 "category": "devops", "installed": true, "enabled": true, "sourcePath": "skills/devops/kubernetes/SKILL.md"},
                {"id": "notes", "name": "notes", "description": "", "author": "Ada", "tags": [], "triggers": [],
                 "category": "apple", "installed": true, "enabled": true, "sourcePath": "skills/notes/SKILL.md"}
              ],
              "total": 3, "success": true, "count": 3, "categories": ["apple", "devops"]
            }
            """,
            await server.Client.GetAsync("/api/skills?content=0"));
    }

    [Fact]
    public async Task List_LongTexts_AreSentWhole()
    {
        await using var server = await HermesServer.StartAsync();
        var text = string.Concat(Enumerable.Range(0, 50_000).Select(number => $"{number}\n"));
        server.Home.Write("skills/long/SKILL.md", text);

        var answer = await server.Client.GetAsync("/api/skills");

        var body = await answer.Content.ReadAsByteArrayAsync();
        Assert.Equal(answer.Content.Headers.ContentLength, body.Length);
        using var json = JsonDocument.Parse(body);
        Assert.Equal(text, json.RootElement.GetProperty("items")[0].GetProperty("content").GetString());
    }

    [Theory]
    [InlineData("category=devops", 2, "docker", "k8s")]
    [InlineData("category=", 3, "docker", "k8s", "notes")]
    [InlineData("category=Devops", 0)]
    [InlineData("category=none", 0)]
    [InlineData("q=PODS", 1, "k8s")]
    [InlineData("q=containers", 1, "docker")]
    [InlineData("q=kubectl", 1, "k8s")]
    [InlineData("q=ada", 1, "notes")]
    [InlineData("q=devops+stacks", 1, "docker")]
    [InlineData("q=pods+stacks", 0)]
    [InlineData("q=%20", 3, "docker", "k8s", "notes")]
    [InlineData("limit=2", 3, "docker", "k8s")]
    [InlineData("limit=0", 3, "docker")]
    [InlineData("limit=99999999999999999999", 3, "docker", "k8s", "notes")]
    [InlineData("category=devops&q=o&limit=1", 2, "docker")]
    public async Task List_Query_FindsInTheListsOrder(string query, int total, params string[] names)
    {
        await using var server = await HermesServer.StartAsync();
        WriteSkills(server.Home);

        var json = await server.Client.GetFromJsonAsync<JsonElement>($"/api/skills?{query}");

        Assert.Equal(names, json.GetProperty("items").EnumerateArray().Select(skill => skill.GetProperty("name").GetString()));
        Assert.Equal((total, names.Length), (json.GetProperty("total").GetInt32(), json.GetProperty("count").GetInt32()));
    }

    [Theory]
    [InlineData("limit=many")]
    [InlineData("content=maybe")]
    public async Task List_BadQuery_Is400ThatNamesTheField(string query)
    {
        await using var server = await HermesServer.StartAsync();

        var answer = await server.Client.GetAsync($"/api/skills?{query}");

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var json = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.False(json.GetProperty("success").GetBoolean());
        Assert.Contains(query.Split('=')[0], json.GetProperty("error").GetString());
    }

    [Theory]
    [InlineData("/api/skills")]
    [InlineData("/api/skills?content=0")]
    [InlineData("/api/skills?category=devops")]
    [InlineData("/api/skills/categories")]
    [InlineData("/api/skills/docker")]
    [InlineData("/api/skills/docker?file_path=references/api.md")]
    public async Task Get_WithTheTagOfTheAnswerBefore_Is304(string path)
    {
        await using var server = await HermesServer.StartAsync();
        WriteSkills(server.Home);
        var tag = (await server.Client.GetAsync(path)).Headers.ETag!;

        var answer = await server.Client.SendAsync(new HttpRequestMessage(HttpMethod.Get, path) { Headers = { IfNoneMatch = { tag } } });

        Assert.Equal(HttpStatusCode.NotModified, answer.StatusCode);
    }

    [Fact]
    public async Task Categories_Skills_AreCountedAndDescribed()
    {
        await using var server = await HermesServer.StartAsync();
        WriteSkills(server.Home);

        await AssertJsonAsync(
            """
            {"success": true, "categories": [{"name": "apple", "description": "", "count": 1}, {"name": "devops", "description": "Ship it", "count": 2}]}
            """,
            await server.Client.GetAsync("/api/skills/categories"));
    }

    [Fact]
    public async Task Get_Skill_GivesItWithItsLinkedFiles()
    {
        await using var server = await HermesServer.StartAsync();
        WriteSkills(server.Home);

        await AssertJsonAsync(
            """
            {
              "success": true, "id": "docker", "name": "docker", "description": "Compose stacks", "author": "", "tags": ["containers"], "triggers": [],
              "category": "devops", "installed": true, "enabled": true, "sourcePath": "skills/devops/docker/SKILL.md",
              "content": "---\nname: docker\ndescription: Compose stacks\ntags: containers\n---\nBody",
              "linked_files": {
                "references": ["references/api.md", "references/deep/more.md"],
                "templates": [],
                "assets": ["assets/logo.png"],
                "scripts": ["scripts/run.sh"]
              }
            }
            """,
            await server.Client.GetAsync("/api/skills/docker"));
    }

    [Theory]
    [InlineData("a%20b")]
    [InlineData("a b")]
    [InlineData("tools%2Fdocker")]
    [InlineData("50%25%20more")]
    [InlineData("%E6%97%A5%E6%9C%AC")]
    public async Task Get_NameWithSpacesSlashesAndOtherScripts_IsFound(string segment)
    {
        await using var server = await HermesServer.StartAsync();
        var name = Uri.UnescapeDataString(segment);
        server.Home.Write("skills/x/SKILL.md", $"---\nname: '{name}'\n---\n").Write("skills/x/references/a.md", "text");

        var skill = await server.Client.GetFromJsonAsync<JsonElement>($"/api/skills/{segment}");
        var file = await server.Client.GetFromJsonAsync<JsonElement>($"/api/skills/{segment}?file_path=references/a.md");

        Assert.Equal(name, skill.GetProperty("name").GetString());
        Assert.Equal("text", file.GetProperty("content").GetString());
    }

    [Fact]
    public async Task Get_SeveralSkillsOfOneName_GivesTheFirst()
    {
        await using var server = await HermesServer.StartAsync();
        server.Home.Write("skills/a/SKILL.md", "---\nname: twin\n---\nfirst").Write("skills/b/SKILL.md", "---\nname: twin\n---\nsecond");

        var skill = await server.Client.GetFromJsonAsync<JsonElement>("/api/skills/twin");

        Assert.Equal("skills/a/SKILL.md", skill.GetProperty("sourcePath").GetString());
    }

    [Theory]
    [InlineData("references/api.md", """{"success": true, "name": "docker", "file": "references/api.md", "content": "# API\n", "file_type": ".md", "size": 7, "is_binary": false, "is_truncated": false}""")]
    [InlineData("references%2Fdeep%2Fmore.md", """{"success": true, "name": "docker", "file": "references/deep/more.md", "content": "more", "file_type": ".md", "size": 4, "is_binary": false, "is_truncated": false}""")]
    [InlineData("scripts/run.sh", """{"success": true, "name": "docker", "file": "scripts/run.sh", "content": "", "file_type": ".sh", "size": 0, "is_binary": false, "is_truncated": false}""")]
    [InlineData("assets/logo.png", """{"success": true, "name": "docker", "file": "assets/logo.png", "content": "[Binary file of 5 bytes]", "file_type": ".png", "size": 5, "is_binary": true, "is_truncated": false}""")]
    public async Task Get_FileOfASkill_GivesItsContent(string path, string expected)
    {
        await using var server = await HermesServer.StartAsync();
        WriteSkills(server.Home);

        await AssertJsonAsync(expected, await server.Client.GetAsync($"/api/skills/docker?file_path={path}"));
    }

    [Fact]
    public async Task Get_OwnFileOfASkill_GivesItsText()
    {
        await using var server = await HermesServer.StartAsync();
        WriteSkills(server.Home);

        var file = await server.Client.GetFromJsonAsync<JsonElement>("/api/skills/docker?file_path=SKILL.md");

        Assert.EndsWith("\nBody", file.GetProperty("content").GetString());
    }

    [Theory]
    [InlineData("/api/skills/nothing", "Skill not found")]
    [InlineData("/api/skills/Docker", "Skill not found")]
    [InlineData("/api/skills/nothing?file_path=references/api.md", "Skill not found")]
    [InlineData("/api/skills/docker?file_path=references/none.md", "The skill has no such file")]
    [InlineData("/api/skills/docker?file_path=references/API.md", "The skill has no such file")]
    [InlineData("/api/skills/docker?file_path=references/deep", "The skill has no such file")]
    [InlineData("/api/skills/docker?file_path=references/api.md/x", "The skill has no such file")]
    public async Task Get_WhatIsNotThere_Is404(string path, string error)
    {
        await using var server = await HermesServer.StartAsync();
        WriteSkills(server.Home);

        var answer = await server.Client.GetAsync(path);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        await AssertJsonAsync($$"""{"success": false, "error": "{{error}}"}""", answer);
    }

    [Theory]
    [InlineData("/api/skills/docker?file_path=..")]
    [InlineData("/api/skills/docker?file_path=../secret.txt")]
    [InlineData("/api/skills/docker?file_path=../../../secret.txt")]
    [InlineData("/api/skills/docker?file_path=references/../../../../secret.txt")]
    [InlineData("/api/skills/docker?file_path=references/../private.txt")]
    [InlineData("/api/skills/docker?file_path=references/deep/../api.md")]
    [InlineData("/api/skills/docker?file_path=%2e%2e/%2e%2e/%2e%2e/secret.txt")]
    [InlineData("/api/skills/docker?file_path=references%2f%2e%2e%2f%2e%2e%2fprivate.txt")]
    [InlineData("/api/skills/docker?file_path=references/%252e%252e/private.txt")]
    [InlineData("/api/skills/docker?file_path=references/%c0%ae%c0%ae/private.txt")]
    [InlineData("/api/skills/docker?file_path=references/..%5c..%5cprivate.txt")]
    [InlineData("/api/skills/docker?file_path=references%5capi.md")]
    [InlineData("/api/skills/docker?file_path=references/api.md%00.png")]
    [InlineData("/api/skills/docker?file_path=references/api.md%0a")]
    [InlineData("/api/skills/docker?file_path=%00")]
    [InlineData("/api/skills/docker?file_path=/etc/passwd")]
    [InlineData("/api/skills/docker?file_path=//etc/passwd")]
    [InlineData("/api/skills/docker?file_path=references//etc/passwd")]
    [InlineData("/api/skills/docker?file_path=references//api.md")]
    [InlineData("/api/skills/docker?file_path=references/./api.md")]
    [InlineData("/api/skills/docker?file_path=./references/api.md")]
    [InlineData("/api/skills/docker?file_path=references/")]
    [InlineData("/api/skills/docker?file_path=references")]
    [InlineData("/api/skills/docker?file_path=~/.ssh/id_rsa")]
    [InlineData("/api/skills/docker?file_path=C:%5cWindows%5cwin.ini")]
    [InlineData("/api/skills/docker?file_path=file:///etc/passwd")]
    [InlineData("/api/skills/docker?file_path=private.txt")]
    [InlineData("/api/skills/docker?file_path=private/x.txt")]
    [InlineData("/api/skills/docker?file_path=.env")]
    [InlineData("/api/skills/docker?file_path=skill.md")]
    [InlineData("/api/skills/docker?file_path=REFERENCES/api.md")]
    [InlineData("/api/skills/docker?file_path=SKILL.md/")]
    [InlineData("/api/skills/docker?file_path=../secret.txt&file_path=references/api.md")]
    [InlineData("/api/skills/docker?file_path=references/outward.md")]
    [InlineData("/api/skills/docker?file_path=references/absolute.md")]
    [InlineData("/api/skills/docker?file_path=references/private-link.md")]
    [InlineData("/api/skills/docker?file_path=references/by-way-of.md")]
    [InlineData("/api/skills/docker?file_path=references/circle.md")]
    [InlineData("/api/skills/docker?file_path=references/nowhere.md")]
    [InlineData("/api/skills/docker?file_path=references/outside/secret.txt")]
    [InlineData("/api/skills/docker?file_path=templates/secret.txt")]
    [InlineData("/api/skills/docker?file_path=references/zero")]
    [InlineData("/api/skills/..%2f..?file_path=secret.txt")]
    [InlineData("/api/skills/..%2fskills%2fdevops%2fdocker?file_path=references/api.md")]
    [InlineData("/api/skills/%2e%2e?file_path=SKILL.md")]
    [InlineData("/api/skills/%2e%2e%2f%2e%2e%2fsecret.txt")]
    [InlineData("/api/skills/%252e%252e")]
    [InlineData("/api/skills/docker%00")]
    [InlineData("/api/skills/..%5c..%5csecret.txt")]
    [InlineData("/api/skills/%2fetc%2fpasswd")]
    public async Task Get_PathOutOfTheSkillsFolders_ReadsNothing(string target)
    {
        await using var server = await HermesServer.StartAsync();
        WriteSkills(server.Home);
        WriteTraps(server.Home);
        using var socket = new RawHttp(server.Address);

        // No HTTP client sends these as they stand.
        var answer = await socket.SendAsync($"GET {target} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {HermesServer.Key}\r\nConnection: close\r\n\r\n");

        Assert.Matches("^HTTP/1.1 (400|404) ", answer);
        Assert.DoesNotContain("SECRET", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("root:", answer, StringComparison.Ordinal);
        Assert.DoesNotContain(server.Home.Path, answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_SkillAmongTraps_ListsNoneOfThem()
    {
        await using var server = await HermesServer.StartAsync();
        WriteSkills(server.Home);
        WriteTraps(server.Home);

        var linked = (await server.Client.GetFromJsonAsync<JsonElement>("/api/skills/docker")).GetProperty("linked_files");

        Assert.Equal(
            ["references/api.md", "references/deep/more.md", "references/inward.md"],
            linked.GetProperty("references").EnumerateArray().Select(path => path.GetString()));
        Assert.Empty(linked.GetProperty("templates").EnumerateArray());
    }

    [Fact]
    public async Task Get_LinkToAnotherFileOfTheSkill_IsFollowed()
    {
        await using var server = await HermesServer.StartAsync();
        WriteSkills(server.Home);
        WriteTraps(server.Home);

        var file = await server.Client.GetFromJsonAsync<JsonElement>("/api/skills/docker?file_path=references/inward.md");

        Assert.Equal("more", file.GetProperty("content").GetString());
    }

    private static void WriteSkills(TemporaryHome home)
    {
        home.Write("skills/devops/DESCRIPTION.md", "---\ndescription: Ship it\n---\n")
            .Write("skills/devops/docker/SKILL.md", "---\nname: docker\ndescription: Compose stacks\ntags: containers\n---\nBody")
            .Write("skills/devops/docker/references/api.md", "# API\r\n")
            .Write("skills/devops/docker/references/deep/more.md", "more")
            .Write("skills/devops/docker/scripts/run.sh", "")
            .Write("skills/devops/docker/assets/logo.png", "\u0089PN\0")
            .Write("skills/devops/kubernetes/SKILL.md", "---\nname: k8s\ndescription: Run pods\ntriggers: [kubectl]\n---\n")
            .Write("skills/notes/SKILL.md", "---\ncategory: apple\nauthor: Ada\n---\n");
    }

    private static void WriteTraps(TemporaryHome home)
    {
        home.Write("secret.txt", "SECRET").Write("outside/secret.txt", "SECRET")
            .Write("skills/devops/docker/private.txt", "SECRET")
            .Write("skills/devops/docker/private/x.txt", "SECRET")
            .Write("skills/devops/docker/.env", "SECRET");
        Link("references/outward.md", "../../../../secret.txt");
        Link("references/absolute.md", Path.Join(home.Path, "secret.txt"));
        Link("references/private-link.md", "../private.txt");
        Link("references/by-way-of.md", "outward.md");
        Link("references/circle.md", "circle.md");
        Link("references/nowhere.md", "nothing.md");
        Link("references/inward.md", "deep/more.md");
        Link("references/zero", "/dev/zero");
        LinkFolder("references/outside", "../../../../outside");
        LinkFolder("templates", "../../../outside");

        void Link(string path, string target) => File.CreateSymbolicLink(Path.Join(home.Home.SkillsFolder, "devops/docker", path), target);
        void LinkFolder(string path, string target) => Directory.CreateSymbolicLink(Path.Join(home.Home.SkillsFolder, "devops/docker", path), target);
    }

    private static async Task AssertJsonAsync(string expected, HttpResponseMessage answer)
    {
        var actual = await answer.Content.ReadAsStringAsync();
        Assert.True(JsonElement.DeepEquals(JsonDocument.Parse(expected).RootElement, JsonDocument.Parse(actual).RootElement), actual);
    }
}
