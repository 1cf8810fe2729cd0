using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Text.Json;

// A client whose connection breaks in the middle of an answer, and that gets the rest all the same.
using var client = new HttpClient { BaseAddress = new Uri(args.FirstOrDefault() ?? "http://127.0.0.1:8642") };
if (Environment.GetEnvironmentVariable("API_SERVER_KEY") is { Length: > 0 } key)
    client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);

using var created = await CreateSessionAsync();
if (created is not { IsSuccessStatusCode: true })
{
    Console.Error.WriteLine($"{client.BaseAddress} {(created is null ? "does not answer" : $"answers {(int)created.StatusCode}")}. Start the host, name its address, and set API_SERVER_KEY if it has a key.");
    return 1;
}

var session = (await created.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("session").GetProperty("id").GetString();

using var message = new HttpRequestMessage(HttpMethod.Post, $"/api/sessions/{session}/chat/stream")
{
    Content = JsonContent.Create(new { message = "Tell me a story." }),
};
var (runId, lastEventId) = await ReadAsync(message, giveUpAfter: 4);

Console.WriteLine($"-- the connection is cut after event {lastEventId} --");

using var rest = new HttpRequestMessage(HttpMethod.Get, $"/v1/runs/{runId}/events") { Headers = { { "Last-Event-ID", lastEventId } } };
await ReadAsync(rest);
return 0;

async Task<HttpResponseMessage?> CreateSessionAsync()
{
    try
    {
        return await client.PostAsync("/api/sessions", null);
    }
    catch (HttpRequestException)
    {
        return null;
    }
}

// Prints the events of a stream, and says where it stopped: which run it is, and which event was the last.
async Task<(string RunId, string LastEventId)> ReadAsync(HttpRequestMessage request, int giveUpAfter = int.MaxValue)
{
    using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    response.EnsureSuccessStatusCode();
    var parser = SseParser.Create(await response.Content.ReadAsStreamAsync());
    var (run, last) = ("", "");
    await foreach (var item in parser.EnumerateAsync())
    {
        Console.WriteLine($"{parser.LastEventId,4} {item.EventType,-20} {item.Data}");
        run = JsonElement.Parse(item.Data).GetProperty("run_id").GetString()!;
        last = parser.LastEventId;
        if (--giveUpAfter == 0) break;
    }

    return (run, last);
}
