using System.ClientModel;

namespace Hermes.Core.Chat;

/// <summary>When a provider wants to be asked again.</summary>
internal static class RetryAfterHeader
{
    public const string Name = "Retry-After";

    /// <summary>Reads the header of a provider's answer; null where it has none, or another text.</summary>
    public static TimeSpan? Find(ClientResultException exception) =>
        exception.GetRawResponse()?.Headers.TryGetValue(Name, out var value) is true ? Parse(value) : null;

    /// <summary>Reads a number of seconds, which some providers write with a fraction, or a date; null for anything else.</summary>
    public static TimeSpan? Parse(string? value)
    {
        if (double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds < TimeSpan.MaxValue.TotalSeconds)
            return TimeSpan.FromSeconds(seconds);

        return DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date)
            ? TimeSpan.FromSeconds(Math.Max(0, (date - TimeProvider.System.GetUtcNow()).TotalSeconds))
            : null;
    }
}
