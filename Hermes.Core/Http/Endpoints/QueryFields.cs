using System.Numerics;
using Hermes.Core.Http.Wire;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace Hermes.Core.Http.Endpoints;

/// <summary>Reads the values of a query string, and refuses those that cannot be understood by name.</summary>
internal static class QueryFields
{
    /// <summary>Lets the endpoints read query parameters as the reference does: names in exact case, and of a repeated one the first.</summary>
    /// <remarks>Around the whole request delegate, whose parameters are bound before any filter runs. The application's own view of the query stays.</remarks>
    public static void ReadsExactQuery(this IEndpointConventionBuilder endpoints) => endpoints.Finally(static endpoint =>
    {
        if (endpoint.RequestDelegate is { } inner)
            endpoint.RequestDelegate = http => http.Request.QueryString.HasValue ? WithExactQueryAsync(http, inner) : inner(http);
    });

    /// <summary>A whole number, pulled into its range, however many digits it has; <paramref name="missing"/> where the query does not have it.</summary>
    public static long Integer(string name, string? text, long missing, long min, long max) =>
        text is null ? missing
        : BigInteger.TryParse(text.AsSpan().Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? (long)BigInteger.Clamp(number, min, max)
        : throw new RequestException($"'{name}' must be a whole number", param: name);

    /// <summary>A switch: 1, true, yes or on; 0, false, no, off or nothing.</summary>
    public static bool Flag(string name, string? text, bool missing) => text?.Trim().ToLowerInvariant() switch
    {
        null => missing,
        "1" or "true" or "yes" or "on" => true,
        "0" or "false" or "no" or "off" or "" => false,
        _ => throw new RequestException($"'{name}' must be 1 or 0", param: name),
    };

    /// <summary>The value of one of some words; <paramref name="missing"/> where the query does not have it, or has nothing in it.</summary>
    public static TValue Choice<TValue>(string name, string? text, TValue missing, params (string Word, TValue Value)[] choices)
    {
        if (string.IsNullOrEmpty(text)) return missing;
        var words = Array.ConvertAll(choices, choice => choice.Word);
        return words.IndexOf(text) is >= 0 and var index ? choices[index].Value
            : throw new RequestException($"'{name}' must be {string.Join(", ", words[..^1])} or {words[^1]}", param: name);
    }

    /// <summary>How many rows at most; null, for all, where the query does not say.</summary>
    public static int? Limit(string? text) => text is null ? null : (int)Integer("limit", text, missing: 0, min: 1, max: int.MaxValue);

    private static async Task WithExactQueryAsync(HttpContext http, RequestDelegate inner)
    {
        var fields = new Dictionary<string, StringValues>(StringComparer.Ordinal);
        foreach (var pair in new QueryStringEnumerable(http.Request.QueryString.Value))
            fields.TryAdd(pair.DecodeName().ToString(), pair.DecodeValue().ToString());

        var applications = http.Features.Get<IQueryFeature>();
        http.Features.Set<IQueryFeature>(new QueryFeature(new QueryCollection(fields)));
        try
        {
            await inner(http);
        }
        finally
        {
            http.Features.Set(applications);
        }
    }
}
