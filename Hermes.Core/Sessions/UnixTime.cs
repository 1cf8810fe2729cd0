namespace Hermes.Core.Sessions;

/// <summary>Unix seconds with a fraction, as the home stores times, to and from <see cref="DateTimeOffset"/>.</summary>
/// <remarks>Present-day times are 240 ns apart as doubles: ticks of 100 ns tell all apart, and a stored time that is read and converted
/// back is the same double. Times outside the years 1 to 9999 become the nearest that there is, NaN becomes 1970.</remarks>
internal static class UnixTime
{
    private static readonly double MinSeconds = ToSeconds(DateTimeOffset.MinValue);
    private static readonly double MaxSeconds = ToSeconds(DateTimeOffset.MaxValue);

    public static DateTimeOffset FromSeconds(double seconds)
    {
        if (double.IsNaN(seconds)) return DateTimeOffset.UnixEpoch;
        if (seconds <= MinSeconds || seconds >= MaxSeconds) return seconds < 0 ? DateTimeOffset.MinValue : DateTimeOffset.MaxValue;

        // Whole seconds and fraction apart: as one product the ticks would not fit into the 53 bits of a double.
        var whole = Math.Floor(seconds);
        var fraction = (long)Math.Round((seconds - whole) * TimeSpan.TicksPerSecond);
        return DateTimeOffset.UnixEpoch.AddTicks(((long)whole * TimeSpan.TicksPerSecond) + fraction);
    }

    public static double ToSeconds(DateTimeOffset time)
    {
        var (whole, fraction) = Math.DivRem(time.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks, TimeSpan.TicksPerSecond);
        return whole + (fraction / (double)TimeSpan.TicksPerSecond);
    }
}
