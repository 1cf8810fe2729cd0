using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Hermes.Core.Tests.Http.Fuzz;

/// <summary>One request and its answer over a connection of its own, byte by byte: no client mends what is sent.</summary>
internal static class RawExchange
{
    // Far beyond what any answer takes, on a machine however busy: only what hangs gets here.
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    /// <summary>Sends a request and reads the answer; of a stream that does not end its head alone.</summary>
    /// <exception cref="OperationCanceledException">No answer came in time.</exception>
    public static async Task<RawAnswer?> SendAsync(Uri address, FuzzRequest request)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port, deadline.Token);
        var stream = client.GetStream();
        var received = new MemoryStream();
        try
        {
            await stream.WriteAsync(request.Bytes, deadline.Token);
            if (request.IsCutOff)
                client.Client.Shutdown(SocketShutdown.Send);

            var buffer = new byte[16 * 1024];
            while (await stream.ReadAsync(buffer, deadline.Token) is > 0 and var count)
            {
                received.Write(buffer, 0, count);
                if (request.IsEndless && received.GetBuffer().AsSpan(0, (int)received.Length).IndexOf("\r\n\r\n"u8) >= 0) break;
            }
        }
        catch (IOException)
        {
            // The server closes without reading the rest of what it refuses, and the answer may be lost with it.
        }

        return RawAnswer.Parse(received.ToArray());
    }
}

/// <summary>A request of the fuzzer.</summary>
/// <param name="Method">Its method.</param>
/// <param name="Target">Its path and query, as they are sent.</param>
/// <param name="Bytes">All of it.</param>
/// <param name="IsCutOff">Whether it announces more than it has, so that it ends with the connection.</param>
internal sealed record FuzzRequest(string Method, string Target, byte[] Bytes, bool IsCutOff)
{
    public string Path => Target.Split('?')[0];

    /// <summary>Whether an answer of 200 goes on for ever.</summary>
    public bool IsEndless => Path.EndsWith("/events", StringComparison.OrdinalIgnoreCase);

    public override string ToString() => Encoding.Latin1.GetString(Bytes, 0, Math.Min(Bytes.Length, 1500));
}

/// <summary>An answer as it came.</summary>
internal sealed record RawAnswer(int Status, IReadOnlyDictionary<string, string> Headers, string Body)
{
    public string? ContentType => Headers.GetValueOrDefault("Content-Type")?.Split(';')[0];

    /// <summary>Whether it is of our endpoints, not of the server that refuses what is no HTTP.</summary>
    public bool IsOurs => Headers.ContainsKey("X-Content-Type-Options");

    /// <summary>Reads an answer; null where there is none.</summary>
    public static RawAnswer? Parse(ReadOnlySpan<byte> bytes)
    {
        var end = bytes.IndexOf("\r\n\r\n"u8);
        if (end < 0) return null;

        var lines = Encoding.Latin1.GetString(bytes[..end]).Split("\r\n");
        var status = int.Parse(lines[0].Split(' ')[1], CultureInfo.InvariantCulture);
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var line in lines.Skip(1))
            headers[line[..line.IndexOf(':', StringComparison.Ordinal)]] = line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();

        var body = bytes[(end + 4)..];
        if (status is 100) return Parse(body);

        return new RawAnswer(status, headers, headers.ContainsKey("Transfer-Encoding") ? Unchunk(body) : Encoding.UTF8.GetString(body));
    }

    private static string Unchunk(ReadOnlySpan<byte> body)
    {
        var text = new MemoryStream();
        while (body.IndexOf("\r\n"u8) is >= 0 and var line && int.TryParse(body[..line], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var size) && size > 0)
        {
            text.Write(body.Slice(line + 2, Math.Min(size, body.Length - line - 2)));
            body = body[Math.Min(body.Length, line + 2 + size + 2)..];
        }

        return Encoding.UTF8.GetString(text.ToArray());
    }
}
