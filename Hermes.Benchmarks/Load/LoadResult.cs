namespace Hermes.Benchmarks.Load;

/// <summary>What a load came to, or several of the same.</summary>
/// <param name="Requests">How many were answered.</param>
/// <param name="Elapsed">How long it took.</param>
/// <param name="Median">The time within which half of the answers came.</param>
/// <param name="P99">The time within which all but one in a hundred came.</param>
/// <param name="Cpu">The processor time that the server took.</param>
internal sealed record LoadResult(long Requests, TimeSpan Elapsed, TimeSpan Median, TimeSpan P99, TimeSpan Cpu)
{
    public double RequestsPerSecond => Requests / Elapsed.TotalSeconds;

    public double CpuMicroseconds => Cpu.TotalMicroseconds / Requests;

    /// <summary>The sum of several; of the times within which answers came, the median.</summary>
    public static LoadResult Sum(IReadOnlyList<LoadResult> rounds) => new(
        rounds.Sum(round => round.Requests),
        rounds.Aggregate(TimeSpan.Zero, (sum, round) => sum + round.Elapsed),
        Middle(rounds.Select(round => round.Median)),
        Middle(rounds.Select(round => round.P99)),
        rounds.Aggregate(TimeSpan.Zero, (sum, round) => sum + round.Cpu));

    private static TimeSpan Middle(IEnumerable<TimeSpan> times) => times.Order().ToList() is var sorted ? sorted[sorted.Count / 2] : default;
}
