namespace Hermes.Core.Tests.Support;

/// <summary>Reads an answer of server-sent events one by one, as the bytes on the wire have them; comments are left out.</summary>
internal sealed class EventStreamReader(HttpResponseMessage response) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private StreamReader? _reader;

    public HttpResponseMessage Response => response;

    /// <summary>Sends a request and gives its answer's reader as soon as the headers are there.</summary>
    public static async Task<EventStreamReader> SendAsync(HttpClient client, HttpRequestMessage request) =>
        new(await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead).WaitAsync(Patience));

    /// <summary>The next event, without the empty line behind it; null at the end.</summary>
    public async Task<string?> ReadAsync()
    {
        _reader ??= new StreamReader(await response.Content.ReadAsStreamAsync());
        var lines = new List<string>();
        while (await _reader.ReadLineAsync().WaitAsync(Patience) is { } line)
        {
            if (line.Length > 0)
                lines.Add(line);
            else if (lines.Count > 0 && lines[0][0] != ':')
                return string.Join('\n', lines);
            else
                lines.Clear();
        }

        return null;
    }

    /// <summary>The next events, as many as are asked for.</summary>
    public async Task<List<string>> ReadAsync(int count)
    {
        var events = new List<string>();
        while (events.Count < count)
            events.Add(await ReadAsync() ?? throw new InvalidOperationException($"The stream ended after {events.Count} events."));

        return events;
    }

    /// <summary>The events to the end.</summary>
    public async Task<List<string>> ReadToEndAsync()
    {
        var events = new List<string>();
        while (await ReadAsync() is { } next)
            events.Add(next);

        return events;
    }

    /// <summary>Cuts the connection where the stream has not ended.</summary>
    public void Dispose()
    {
        _reader?.Dispose();
        response.Dispose();
    }
}
