using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Hermes.Core.Tests.Providers;

/// <summary>A provider that answers one request with these very bytes, and closes the connection.</summary>
internal sealed class RawProvider : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Task _answered;

    public RawProvider(string answer)
    {
        _listener.Start();
        _answered = AnswerAsync(answer);
    }

    public string BaseUrl => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/v1";

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _answered.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task AnswerAsync(string answer)
    {
        using var connection = await _listener.AcceptTcpClientAsync();
        var stream = connection.GetStream();
        using var reader = new StreamReader(stream, leaveOpen: true);
        var length = 0;
        while (await reader.ReadLineAsync() is { Length: > 0 } line)
            length = line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase) ? int.Parse(line[15..], System.Globalization.CultureInfo.InvariantCulture) : length;

        // Unread bytes would make the close a reset.
        await reader.ReadBlockAsync(new char[length]);
        await stream.WriteAsync(Encoding.UTF8.GetBytes(answer));
    }
}
