using Hermes.Core.Http.Wire;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace Hermes.Core.Http.Endpoints;

/// <summary>Reads the values of a query string, and refuses those that cannot be understood by name.</summary>
internal static class QueryFields
{
    /// <summary>Lets the endpoints read query parameters as the reference does: names in exact case, and of a repeated one the first.</summary>
    /// <remarks>ASP.NET Core takes names in any case and joins the values of a repeated one. The application's own view of the query stays as it is.</remarks>
    public static TBuilder ReadsExactQuery<TBuilder>(this TBuilder endpoints)
        where TBuilder : IEndpointConventionBuilder
    {
        // Around the whole request delegate: its parameters are bound before any filter runs.
        endpoints.Finally(static endpoint =>
        {
            if (endpoint.RequestDelegate is { } inner)
                endpoint.RequestDelegate = http => http.Request.QueryString.HasValue ? WithExactQueryAsync(http, inner) : inner(http);
        });
        return endpoints;
    }

    /// <summary>A whole number, pulled into its range.</summary>
    /// <returns><paramref name="missing"/> where the query does not have it.</returns>
    /// <exception cref="RequestException">It is not a whole number.</exception>
    public static long Integer(string name, string? text, long missing, long min, long max)
    {
        if (text is null)
            return missing;

        var digits = text.AsSpan().Trim();
        if (long.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
            return Math.Clamp(number, min, max);

        // A number of more digits than 64 bits hold is out of range, not wrong.
        var isNegative = digits.StartsWith("-");
        digits = digits is ['-' or '+', ..] ? digits[1..] : digits;
        return !digits.IsEmpty && !digits.ContainsAnyExceptInRange('0', '9')
            ? isNegative ? min : max
            : throw new RequestException($"'{name}' must be a whole number", param: name);
    }

    /// <summary>A switch: 1, true, yes or on; 0, false, no, off or nothing.</summary>
    /// <returns><paramref name="missing"/> where the query does not have it.</returns>
    /// <exception cref="RequestException">It is neither.</exception>
    public static bool Flag(string name, string? text, bool missing) => text?.Trim().ToLowerInvariant() switch
    {
        null => missing,
        "1" or "true" or "yes" or "on" => true,
        "0" or "false" or "no" or "off" or "" => false,
        _ => throw new RequestException($"'{name}' must be 1 or 0", param: name),
    };

    /// <summary>One of some words.</summary>
    /// <returns><paramref name="missing"/> where the query does not have it, or has nothing in it.</returns>
    /// <exception cref="RequestException">It is none of them.</exception>
    public static TValue Choice<TValue>(string name, string? text, TValue missing, params ReadOnlySpan<(string Word, TValue Value)> choices)
    {
        if (string.IsNullOrEmpty(text))
            return missing;

        foreach (var (word, value) in choices)
        {
            if (word == text)
                return value;
        }

        var words = choices.ToArray().Select(choice => choice.Word).ToArray();
        throw new RequestException($"'{name}' must be {string.Join(", ", words[..^1])} or {words[^1]}", param: name);
    }

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
