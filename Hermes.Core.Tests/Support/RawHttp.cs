using System.Net.Sockets;
using System.Text;

namespace Hermes.Core.Tests.Support;

/// <summary>Sends bytes as they are, for requests that no HTTP client would write.</summary>
internal sealed class RawHttp(Uri address) : IDisposable
{
    private readonly TcpClient _client = new(address.Host, address.Port);

    /// <summary>Sends a request and reads until the server closes.</summary>
    /// <param name="request">The request.</param>
    /// <param name="encoding">How its characters are sent; null is UTF-8.</param>
    public async Task<string> SendAsync(string request, Encoding? encoding = null)
    {
        var stream = _client.GetStream();
        await stream.WriteAsync((encoding ?? Encoding.UTF8).GetBytes(request));
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return await reader.ReadToEndAsync();
    }

    public void Dispose() => _client.Dispose();
}
