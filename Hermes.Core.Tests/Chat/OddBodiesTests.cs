using System.Globalization;
using System.Text;
using System.Text.Json;
using Hermes.Core.Tests.Support;
using Hermes.Testing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace Hermes.Core.Tests.Chat;

/// <summary>The table of <see cref="OddBodies"/> through the API, and the odd ways in which bodies are announced.</summary>
public sealed class OddBodiesTests(OddBodiesTests.Fixture fixture) : IClassFixture<OddBodiesTests.Fixture>
{
    public static TheoryData<string> Oddities => [.. OddBodies.Table.Keys];

    [Theory]
    [MemberData(nameof(Oddities))]
    public async Task OddBody_ThroughTheApi_AsksTheModelWhatItMeans(string oddity) =>
        Assert.Equal(OddBodies.Table[oddity].Asks, await AskAsync(OddBodies.Table[oddity].Sends, "application/json"));

    [Theory]
    [InlineData("application/json; charset=utf8")]
    [InlineData("application/json; charset=\"UTF-8\"")]
    [InlineData("application/json;charset=US-ASCII")]
    [InlineData("application/json; charset=")]
    [InlineData("application/json; charset")]
    [InlineData("text/plain;charset=UTF-8")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("json")]
    [InlineData("")]
    [InlineData(null)]
    public async Task Body_OfAnyContentType_IsReadAsJson(string? contentType) =>
        Assert.Equal("user: hi", await AskAsync("""{"messages":[{"role":"user","content":"hi"}]}""", contentType));

    [Theory]
    [InlineData("true")]
    [InlineData("\"true\"")]
    [InlineData("\"True\"")]
    [InlineData("1")]
    public async Task Stream_InAnySpelling_IsAStream(string stream)
    {
        using var answer = await fixture.Server.Client.PostAsync(
            "/v1/chat/completions", new StringContent($$"""{"stream":{{stream}},"messages":[{"role":"user","content":"hi"}]}"""));

        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.MediaType);
        Assert.EndsWith("data: [DONE]\n\n", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private async Task<string> AskAsync(string body, string? contentType)
    {
        var before = fixture.Model.Requests.Count;
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        if (contentType is not null)
            content.Headers.TryAddWithoutValidation("Content-Type", contentType);

        using var answer = await fixture.Server.Client.PostAsync("/v1/chat/completions", content);

        var text = await answer.Content.ReadAsStringAsync();
        if (!answer.IsSuccessStatusCode)
        {
            Assert.Equal(before, fixture.Model.Requests.Count);
            return $"{(int)answer.StatusCode} {JsonElement.Parse(text).GetProperty("error").GetProperty("message").GetString()}";
        }

        return Describe(fixture.Model.Requests[before]);
    }

    private static string Describe(ScriptedRequest request)
    {
        var settings = new List<string>();
        Add("max", request.Options?.MaxOutputTokens);
        Add("temperature", request.Options?.Temperature);
        Add("top_p", request.Options?.TopP);
        Add("seed", request.Options?.Seed);
        Add("stop", request.Options?.StopSequences is { } stop ? string.Join(' ', stop) : null);
        var messages = string.Join(" | ", request.Messages.Select(message => $"{message.Role}: {string.Join(" + ", message.Contents.Select(Describe))}"));
        return settings.Count == 0 ? messages : $"{messages} [{string.Join(", ", settings)}]";

        void Add(string name, object? value)
        {
            if (value is not null)
                settings.Add(string.Create(CultureInfo.InvariantCulture, $"{name} {value}"));
        }
    }

    private static string Describe(AIContent content) => content switch
    {
        TextContent text => text.Text.Replace('\n', '/'),
        UriContent link => link.Uri.OriginalString,
        DataContent data => string.Create(CultureInfo.InvariantCulture, $"{data.MediaType} {data.Data.Length}"),
        FunctionCallContent call => $"{call.Name}({call.CallId})",
        FunctionResultContent result => $"{result.CallId}={result.Result?.ToString()?.Replace('\n', '/')}",
        _ => content.GetType().Name,
    };

    /// <summary>A server whose model says yes to everything.</summary>
    public sealed class Fixture : IAsyncLifetime
    {
        internal ScriptedChatClient Model { get; } = new ScriptedChatClient().When(_ => true, ScriptedAnswer.Text("yes"));

        internal HermesServer Server { get; private set; } = null!;

        public async Task InitializeAsync() => Server = await HermesServer.StartAsync(configure: builder => builder.Services.AddSingleton<IChatClient>(Model));

        public async Task DisposeAsync() => await Server.DisposeAsync();
    }
}
