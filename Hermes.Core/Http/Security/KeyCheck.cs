using System.Security.Cryptography;
using System.Text;
using Hermes.Core.Http.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Hermes.Core.Http.Security;

/// <summary>Asks for <c>Authorization: Bearer KEY</c> before an endpoint runs.</summary>
internal static class KeyCheck
{
    private const string Scheme = "Bearer";

    /// <summary>An endpoint that runs for those who have the key, and answers the others 401.</summary>
    public static RequestDelegate Before(RequestDelegate next, ReadOnlyMemory<byte> key) =>
        http => HasKey(http.Request, key.Span) ? next(http) : RefuseAsync(http);

    private static bool HasKey(HttpRequest request, ReadOnlySpan<byte> key) =>
        request.Headers.Authorization is [{ } value]
        && value.StartsWith($"{Scheme} ", StringComparison.OrdinalIgnoreCase)
        && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(value[Scheme.Length..].Trim(' ')), key);

    private static async Task RefuseAsync(HttpContext http)
    {
        if (await IsBodyTooLargeAsync(http))
        {
            await Errors.BodyTooLarge.ExecuteAsync(http);
            return;
        }

        http.Response.Headers.WWWAuthenticate = Scheme;
        await Errors.InvalidApiKey.ExecuteAsync(http);
    }

    // A body that does not announce its length is counted, so that it is answered as one that does. The server would read and drop it
    // anyway before the connection's next request.
    private static async ValueTask<bool> IsBodyTooLargeAsync(HttpContext http)
    {
        if (http.Request.ContentLength is not null || http.Features.Get<IHttpRequestBodyDetectionFeature>() is not { CanHaveBody: true })
        {
            return false;
        }

        var limit = http.GetEndpoint()!.Metadata.GetMetadata<HermesEndpoint>()!.BodyLimit;
        try
        {
            for (long length = 0; length <= limit;)
            {
                var read = await http.Request.BodyReader.ReadAsync(http.RequestAborted);
                length += read.Buffer.Length;
                http.Request.BodyReader.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted)
                {
                    return length > limit;
                }
            }

            return true;
        }
        catch (BadHttpRequestException malformed)
        {
            return malformed.StatusCode is StatusCodes.Status413PayloadTooLarge;
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException && http.RequestAborted.IsCancellationRequested)
        {
            // Nobody is left to be answered.
            return false;
        }
    }
}
