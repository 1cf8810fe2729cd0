using System.Buffers;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Hermes.Core.Http;

/// <summary>Reads what a request's path names, as the client wrote it.</summary>
internal static class RawPath
{
    /// <summary>Reads one segment of the path, percent-decoded once.</summary>
    /// <remarks>
    /// The server decodes a path before routing, but leaves <c>%2F</c> alone so that segments stay apart. After that,
    /// <c>%2F</c> and <c>%252F</c> look the same; only the raw request line still tells them apart.
    /// </remarks>
    /// <param name="http">The request.</param>
    /// <param name="routeValue">What routing took for the segment; used where the server keeps no raw request line.</param>
    /// <param name="fromEnd">Which segment, from the last, which is 0. From the end, so that a path base does not matter.</param>
    public static string Segment(HttpContext http, string routeValue, int fromEnd)
    {
        var target = http.Features.Get<IHttpRequestFeature>()?.RawTarget;
        if (string.IsNullOrEmpty(target))
        {
            return routeValue;
        }

        var path = target.AsSpan();
        path = path[..(path.IndexOf('?') is >= 0 and var query ? query : path.Length)];
        for (; fromEnd > 0; fromEnd--)
        {
            path = path[..Math.Max(0, path.LastIndexOf('/'))];
        }

        var segment = path[(path.LastIndexOf('/') + 1)..];

        // A path with dot segments was rewritten by the server, so that counting would find the wrong one: then it says what it found.
        return segment is "." or ".." or "" ? routeValue : Decode(segment);
    }

    /// <summary>Whether the client wrote the last segment of the path, which is this text, in percent-encoding.</summary>
    public static bool IsEncoded(HttpContext http, string segment)
    {
        var target = (http.Features.Get<IHttpRequestFeature>()?.RawTarget).AsSpan();
        var path = target[..(target.IndexOf('?') is >= 0 and var query ? query : target.Length)];
        var written = path[(path.LastIndexOf('/') + 1)..];
        return written.Contains('%') && Decode(written).SequenceEqual(segment);
    }

    private static string Decode(ReadOnlySpan<char> segment)
    {
        if (!segment.Contains('%'))
        {
            return segment.ToString();
        }

        var utf8 = new ArrayBufferWriter<byte>(segment.Length);
        while (!segment.IsEmpty)
        {
            if (segment is ['%', var high, var low, ..] && char.IsAsciiHexDigit(high) && char.IsAsciiHexDigit(low))
            {
                utf8.Write([(byte)(Convert.FromHexString(segment[1..3])[0])]);
                segment = segment[3..];
                continue;
            }

            var next = segment[1..].IndexOf('%') + 1;
            var plain = next > 0 ? segment[..next] : segment;
            Encoding.UTF8.GetBytes(plain, utf8);
            segment = segment[plain.Length..];
        }

        return Encoding.UTF8.GetString(utf8.WrittenSpan);
    }
}
