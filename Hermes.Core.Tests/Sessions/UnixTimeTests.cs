using Hermes.Core.Sessions;

namespace Hermes.Core.Tests.Sessions;

public class UnixTimeTests
{
    [Fact]
    public void FromSeconds_PresentDayTimes_ComeBackTheSame()
    {
        var random = new Random(1);
        for (var i = 0; i < 100_000; i++)
        {
            var seconds = 1_500_000_000 + (random.NextDouble() * 1_000_000_000);
            Assert.Equal(seconds, UnixTime.ToSeconds(UnixTime.FromSeconds(seconds)));
        }
    }

    [Theory]
    [InlineData(1759300201.358036, "2025-10-01T06:30:01.3580360+00:00")]
    [InlineData(0, "1970-01-01T00:00:00.0000000+00:00")]
    [InlineData(-0.5, "1969-12-31T23:59:59.5000000+00:00")]
    [InlineData(double.NaN, "1970-01-01T00:00:00.0000000+00:00")]
    [InlineData(double.PositiveInfinity, "9999-12-31T23:59:59.9999999+00:00")]
    [InlineData(1e300, "9999-12-31T23:59:59.9999999+00:00")]
    [InlineData(-1e300, "0001-01-01T00:00:00.0000000+00:00")]
    public void FromSeconds_AnyDouble_IsATime(double seconds, string time) =>
        Assert.Equal(time, UnixTime.FromSeconds(seconds).ToString("O"));
}
