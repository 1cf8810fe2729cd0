namespace Hermes.Core.Tests.Support;

/// <summary>A stream of server-sent events as a client reads it.</summary>
internal sealed class ServerSentEvents(HttpResponseMessage answer, StreamReader reader) : IDisposable
{
    // Generous: what comes in milliseconds is not to fail on a busy machine.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>The answer that the stream is.</summary>
    public HttpResponseMessage Answer => answer;

    /// <summary>Opens a stream.</summary>
    public static async Task<ServerSentEvents> OpenAsync(HttpClient client, string path, string? lastEventId = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (lastEventId is not null)
            request.Headers.Add("Last-Event-ID", lastEventId);

        var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        return new ServerSentEvents(answer, new StreamReader(await answer.Content.ReadAsStreamAsync()));
    }

    /// <summary>The next event; null where the stream ends. Comments are skipped.</summary>
    public async Task<ServerSentEvent?> ReadAsync()
    {
        var (name, id, data) = ("", "", "");
        while (await reader.ReadLineAsync().WaitAsync(Patience) is { } line)
        {
            if (line.Length == 0 && name.Length > 0) return new ServerSentEvent(name, id, data);

            var colon = line.IndexOf(": ", StringComparison.Ordinal);
            (name, id, data) = (colon < 0 ? "" : line[..colon]) switch
            {
                "event" => (line[(colon + 2)..], id, data),
                "id" => (name, line[(colon + 2)..], data),
                "data" => (name, id, line[(colon + 2)..]),
                _ => (name, id, data),
            };
        }

        return null;
    }

    public void Dispose()
    {
        reader.Dispose();
        answer.Dispose();
    }
}

/// <summary>An event.</summary>
internal sealed record ServerSentEvent(string Name, string Id, string Data);
