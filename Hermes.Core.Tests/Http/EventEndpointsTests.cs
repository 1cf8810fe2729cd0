using System.Net;
using System.Text;
using System.Text.Json;
using Hermes.Core.Changes;
using Hermes.Core.Http.Endpoints;
using Hermes.Core.Http.Wire;
using Hermes.Core.Sessions;
using Hermes.Core.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace Hermes.Core.Tests.Http;

public class EventEndpointsTests
{
    private const string Path = "/api/events";

    [Fact]
    public async Task Watch_Begins_WithReady()
    {
        await using var server = await HermesServer.StartAsync();

        using var events = await ServerSentEvents.OpenAsync(server.Client, Path);

        Assert.Equal(HttpStatusCode.OK, events.Answer.StatusCode);
        Assert.Equal("text/event-stream", events.Answer.Content.Headers.ContentType?.ToString());
        var ready = await events.ReadAsync();
        Assert.Equal("ready", ready!.Name);
        Assert.InRange(JsonDocument.Parse(ready.Data).RootElement.GetProperty("at").GetDouble(), 1e9, 1e10);
    }

    [Theory]
    [InlineData("sessions.changed", "import sqlite3; db = sqlite3.connect(home + '/state.db'); db.execute(\"INSERT INTO sessions (id, source, started_at) VALUES ('p', 'cli', 1)\"); db.commit()")]
    [InlineData("memory.changed", "open(home + '/memories/USER.md', 'w').write('Name: Ada')")]
    [InlineData("memory.changed", "os.remove(home + '/memories/MEMORY.md')")]
    [InlineData("skills.changed", "os.makedirs(home + '/skills/a/b'); open(home + '/skills/a/b/SKILL.md', 'w').write('---\\nname: b\\n---\\n')")]
    [InlineData("skills.changed", "os.rename(home + '/skills/known', home + '/skills/renamed')")]
    [InlineData("config.changed", "open(home + '/config.yaml', 'a').write('provider: p\\n')")]
    [InlineData("config.changed", "open(home + '/config.yaml', 'w').write('model: [broken')")]
    public async Task Watch_PythonChangesAPart_TellsThatPartAlone(string name, string change)
    {
        await using var server = await StartFilledAsync();
        using var events = await ServerSentEvents.OpenAsync(server.Client, Path);
        await events.ReadAsync();

        await PythonScript.RunAsync("import os, sys\nhome = sys.argv[1]\n" + change, server.Home.Path);

        Assert.Equal(name, (await events.ReadAsync())!.Name);

        // Had the change been told as another part's as well, that would come before this.
        await server.Services.GetRequiredService<SessionStore>().CreateAsync(new NewSession { Id = "end" });
        Assert.Equal("sessions.changed", (await events.ReadAsync())!.Name);
    }

    [Fact]
    public async Task Watch_OwnProcessChangesASession_TellsIt()
    {
        await using var server = await StartFilledAsync();
        using var events = await ServerSentEvents.OpenAsync(server.Client, Path);
        await events.ReadAsync();

        await server.Client.PostAsync("/api/sessions", null);

        Assert.Equal("sessions.changed", (await events.ReadAsync())!.Name);
    }

    [Fact]
    public async Task Watch_DatabaseComesLate_TellsIt()
    {
        await using var server = await HermesServer.StartAsync();
        using var events = await ServerSentEvents.OpenAsync(server.Client, Path);
        await events.ReadAsync();

        await server.Client.PostAsync("/api/sessions", null);

        Assert.Equal("sessions.changed", (await events.ReadAsync())!.Name);
    }

    [Fact]
    public async Task Watch_FileWrittenAgainAsItWas_IsNoChange()
    {
        await using var server = await StartFilledAsync();
        using var events = await ServerSentEvents.OpenAsync(server.Client, Path);
        await events.ReadAsync();

        server.Home.Write("memories/MEMORY.md", "Uses pnpm").Write("config.yaml", "model: m\n").Write("skills/known/SKILL.md", "Known");
        server.Home.Write("memories/USER.md", "Name: Ada");

        Assert.Equal("memory.changed", (await events.ReadAsync())!.Name);
        server.Home.Write("config.yaml", "model: n\n");
        Assert.Equal("config.changed", (await events.ReadAsync())!.Name);
    }

    [Fact]
    public async Task Watch_SeveralListeners_AllAreTold()
    {
        await using var server = await StartFilledAsync();
        using var one = await ServerSentEvents.OpenAsync(server.Client, Path);
        using var other = await ServerSentEvents.OpenAsync(server.Client, Path);
        await one.ReadAsync();
        await other.ReadAsync();

        server.Home.Write("config.yaml", "model: n\n");

        Assert.Equal("config.changed", (await one.ReadAsync())!.Name);
        Assert.Equal("config.changed", (await other.ReadAsync())!.Name);
    }

    [Fact]
    public async Task Watch_TakenUpAgain_TellsWhatChangedMeanwhileAlone()
    {
        await using var server = await StartFilledAsync();
        string id;
        using (var before = await ServerSentEvents.OpenAsync(server.Client, Path))
        {
            id = (await before.ReadAsync())!.Id;
        }

        server.Home.Write("memories/MEMORY.md", "Uses npm");
        using var events = await ServerSentEvents.OpenAsync(server.Client, Path, lastEventId: id);

        Assert.Equal("ready", (await events.ReadAsync())!.Name);
        Assert.Equal("memory.changed", (await events.ReadAsync())!.Name);
        server.Home.Write("config.yaml", "model: n\n");
        Assert.Equal("config.changed", (await events.ReadAsync())!.Name);
    }

    [Theory]
    [InlineData("1234.0.0.0.0")]
    [InlineData("not an id")]
    public async Task Watch_TakenUpFromAnotherProcess_TellsEveryPart(string id)
    {
        await using var server = await StartFilledAsync();

        using var events = await ServerSentEvents.OpenAsync(server.Client, Path, lastEventId: id);

        var names = new List<string>();
        for (var index = 0; index < 5; index++)
            names.Add((await events.ReadAsync())!.Name);

        Assert.Equal(["ready", "sessions.changed", "memory.changed", "skills.changed", "config.changed"], names);
    }

    [Fact]
    public async Task Watch_MoreStreamsThanAllowed_EndsTheOldestAndServesTheNewest()
    {
        await using var server = await StartFilledAsync();
        var streams = new List<ServerSentEvents>();
        for (var count = 0; count <= EventEndpoints.OpenStreams.Max; count++)
        {
            streams.Add(await ServerSentEvents.OpenAsync(server.Client, Path));
            Assert.Equal("ready", (await streams[^1].ReadAsync())!.Name);
        }

        Assert.Null(await streams[0].ReadAsync());
        server.Home.Write("config.yaml", "model: n\n");
        Assert.Equal("config.changed", (await streams[1].ReadAsync())!.Name);
        Assert.Equal("config.changed", (await streams[^1].ReadAsync())!.Name);
        streams.ForEach(stream => stream.Dispose());
    }

    [Fact]
    public async Task Watch_ChangesAreDisposed_EndsTheStream()
    {
        await using var server = await StartFilledAsync();
        using var events = await ServerSentEvents.OpenAsync(server.Client, Path);
        await events.ReadAsync();

        server.Services.GetRequiredService<HomeChanges>().Dispose();

        Assert.Null(await events.ReadAsync());
    }

    [Fact]
    public async Task Watch_ApplicationStops_EndsTheStream()
    {
        await using var server = await StartFilledAsync();
        using var events = await ServerSentEvents.OpenAsync(server.Client, Path);
        await events.ReadAsync();

        server.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();

        Assert.Null(await events.ReadAsync());
    }

    [Fact]
    public async Task Watch_WithHead_HasTheTypeAndNoStream()
    {
        await using var server = await HermesServer.StartAsync();

        var answer = await server.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, Path));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.ToString());
        Assert.Equal(0, server.Services.GetRequiredService<HomeChanges>().Listeners);
    }

    [Fact]
    public async Task Watch_ListedOrigin_GetsItsHeaders()
    {
        await using var server = await HermesServer.StartAsync(options => options.Api.CorsOrigins = ["https://ui.example"]);
        server.Client.DefaultRequestHeaders.Add("Origin", "https://ui.example");

        using var events = await ServerSentEvents.OpenAsync(server.Client, Path);

        Assert.Equal(["https://ui.example"], events.Answer.Headers.GetValues("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task Write_NothingChanges_WritesCommentsThatKeepTheConnectionOpen()
    {
        await using var server = await StartFilledAsync();
        using var listener = await server.Services.GetRequiredService<HomeChanges>().ListenAsync();
        var pipe = new System.IO.Pipelines.Pipe();
        using var end = new CancellationTokenSource();
        var time = new FakeTimeProvider();
        var writing = EventEndpoints.WriteAsync(listener, "", new EventStream(pipe.Writer, time, end.Token), time);
        using var reader = new StreamReader(pipe.Reader.AsStream(), Encoding.UTF8);

        string? line;
        do
        {
            var reading = reader.ReadLineAsync(end.Token).AsTask();
            while (!reading.IsCompleted)
            {
                time.Advance(EventStream.KeepaliveInterval);
                await Task.Yield();
            }

            line = await reading;
        }
        while (line != ": keepalive");

        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => writing);
    }

    private static async Task<HermesServer> StartFilledAsync()
    {
        var server = await HermesServer.StartAsync();
        server.Home.Write("memories/MEMORY.md", "Uses pnpm").Write("config.yaml", "model: m\n").Write("skills/known/SKILL.md", "Known");
        await server.Services.GetRequiredService<SessionStore>().CreateAsync(new NewSession { Id = "begin" });
        return server;
    }
}
