using System.Globalization;
using Hermes.Core.Http.Json;

namespace Hermes.Core.Http;

/// <summary>Reads the values of a query string, and refuses those that cannot be understood by name.</summary>
internal static class QueryFields
{
    /// <summary>A whole number, pulled into its range.</summary>
    /// <returns><paramref name="missing"/> where the query does not have it.</returns>
    /// <exception cref="RequestException">It is not a whole number.</exception>
    public static long Integer(string name, string? text, long missing, long min, long max)
    {
        if (text is null)
        {
            return missing;
        }

        var digits = text.AsSpan().Trim();
        if (long.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
        {
            return Math.Clamp(number, min, max);
        }

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
}
