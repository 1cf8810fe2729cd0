namespace Hermes.Core.Tests.Support;

/// <summary>A clock that stands where a test puts it. Timers run as ever.</summary>
internal sealed class AdjustableTime : TimeProvider
{
    public DateTimeOffset Now { get; set; } = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    public override DateTimeOffset GetUtcNow() => Now;
}
